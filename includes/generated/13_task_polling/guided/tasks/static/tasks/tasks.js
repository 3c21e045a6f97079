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

// --8<-- [start:submit]
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
  setTimeout(ask, EVERY_MS, task.id);
});
// --8<-- [end:submit]

// --8<-- [start:ask]
const EVERY_MS = 500;

async function ask(id) {
  count();
  const answer = await fetch(`/tasks/${id}/`);
  const task = await answer.json();
  show(task);
  if (task.status === "PENDING") setTimeout(ask, EVERY_MS, id);
}
// --8<-- [end:ask]
