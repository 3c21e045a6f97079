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

let socket;

function connect() {
  socket = new WebSocket("/ws/tasks/");
  socket.addEventListener("open", () => {
    for (const line of tasks.querySelectorAll('[data-state="PENDING"]')) subscribe(line.id);
  });
  socket.addEventListener("message", (event) => {
    const { task, error } = JSON.parse(event.data);
    if (task) show(task);
    if (error) problem.textContent = error;
  });
  socket.addEventListener("open", () => (pause = 250));
  for (const end of ["error", "close"]) socket.addEventListener(end, comeBack);
}

let pause = 250;
let timer = null;

function comeBack() {
  if (timer !== null) return;
  timer = setTimeout(() => {
    timer = null;
    connect();
  }, pause);
  pause = Math.min(2 * pause, 4000);
}

connect();

// The group of a task has the name of its line, task-7. Before the socket is open, its "open" event takes care of it.
function subscribe(group) {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ group }));
}

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
  subscribe(`task-${task.id}`);
});
