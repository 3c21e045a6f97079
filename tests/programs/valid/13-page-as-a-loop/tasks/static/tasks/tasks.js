// What index.html gives you to work with.
const form = document.querySelector("form");
const duration = document.querySelector("#duration");
const problem = document.querySelector("#problem");
const tasks = document.querySelector("#tasks");
const requests = document.querySelector("#requests");

// Show a task as the server told it: {id, status, duration}. A known one is shown anew.
function show(task) {
  let line = document.querySelector(`#task-${task.id}`);
  if (!line) {
    line = document.createElement("li");
    line.id = `task-${task.id}`;
    tasks.append(line);
  }
  line.dataset.state = task.status;
  line.textContent = `Task ${task.id}, ${task.duration} s: ${task.status}`;
}

// Count one question.
function count() {
  requests.textContent = Number(requests.textContent) + 1;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

class FollowedTask {
  #task;

  constructor(task) {
    this.#task = task;
    show(task);
  }

  get isOpen() {
    return this.#task.status === "PENDING";
  }

  async follow() {
    while (this.isOpen) {
      await pause(500);
      await this.look();
    }
  }

  async look() {
    count();
    const answer = await fetch(`/tasks/${this.#task.id}/`, { cache: "no-store" });
    this.#task = await answer.json();
    show(this.#task);
  }
}

async function start(seconds) {
  const body = new URLSearchParams({ duration: seconds });
  const answer = await fetch("/tasks/", { method: "POST", body });
  if (answer.status !== 201) throw new Error(await answer.text());
  return new FollowedTask(await answer.json());
}

form.onsubmit = (event) => {
  event.preventDefault();
  start(duration.value).then(
    (task) => {
      problem.replaceChildren();
      return task.follow();
    },
    (error) => problem.replaceChildren(error.message),
  );
};
