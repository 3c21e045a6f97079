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
    // own:
    line.append("", cancelButton(task.id));
    // end own
    tasks.append(line);
  }
  line.dataset.state = task.status;
  // own instead of: line.textContent = `Task ${task.id}, ${task.duration} s: ${task.status}`;
  line.firstChild.textContent = `Task ${task.id}, ${task.duration} s: ${task.status} `;
  if (task.status !== "PENDING") line.querySelector("button").remove();
  // end own
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
  // own:
  if (answer.status === 404) {
    document.querySelector(`#task-${id}`).remove(); // cancelled, here or anywhere else
    return;
  }
  // end own
  const task = await answer.json();
  show(task);
  if (task.status === "PENDING") setTimeout(ask, EVERY_MS, id);
}
// --8<-- [end:ask]

// own:
// The button tells the server alone. Its line goes when the server has said so, like any line.
function cancelButton(id) {
  const cancel = document.createElement("button");
  cancel.className = "cancel";
  cancel.textContent = "Cancel";
  cancel.addEventListener("click", () => fetch(`/tasks/${id}/`, { method: "DELETE" }));
  return cancel;
}
// end own
