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

// TODO: when the form is submitted, POST the duration to /tasks/ and show the task that comes back.
// TODO: then ask /tasks/<id>/ for its state every half second, until it is no longer PENDING.
