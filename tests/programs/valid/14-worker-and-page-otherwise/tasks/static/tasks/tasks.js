// What index.html gives you to work with.
const form = document.querySelector("form");
const duration = document.querySelector("#duration");
const problem = document.querySelector("#problem");
const tasks = document.querySelector("#tasks");

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

class TaskSocket {
  #open = new Set(); // the ids of the tasks that have not ended yet
  #socket;

  constructor(url) {
    this.url = url;
    this.#connect();
  }

  follow(id) {
    this.#open.add(id);
    this.#ask(id);
  }

  #ask(id) {
    if (this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify({ group: `task-${id}` }));
    }
  }

  #connect() {
    this.#socket = new WebSocket(this.url);
    this.#socket.onopen = () => this.#open.forEach((id) => this.#ask(id));
    this.#socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    this.#socket.onclose = () => setTimeout(() => this.#connect(), 800);
  }

  #hear({ task, error }) {
    if (error) problem.textContent = error;
    if (!task) return;
    if (task.status !== "PENDING") this.#open.delete(task.id);
    show(task);
  }
}

const scheme = location.protocol === "https:" ? "wss" : "ws";
const taskSocket = new TaskSocket(`${scheme}://${location.host}/ws/tasks/`);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await fetch("/tasks/", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ duration: duration.valueAsNumber }),
  });
  problem.textContent = answer.ok ? "" : await answer.text();
  if (!answer.ok) return;
  const task = await answer.json();
  show(task);
  taskSocket.follow(task.id);
});
