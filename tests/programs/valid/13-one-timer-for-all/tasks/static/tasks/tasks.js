const form = document.forms[0];
const tasks = new Map();
let asked = 0;
let timer = 0;

function draw() {
  const lines = [...tasks.values()].map((task) => {
    const line = document.createElement("li");
    line.dataset.state = task.status;
    line.append(`No. ${task.id} (${task.duration} s) – ${task.status.toLowerCase()}`);
    return line;
  });
  document.querySelector("#tasks").replaceChildren(...lines);
  document.querySelector("#requests").value = asked;
}

async function askForAll() {
  for (const { id, status } of [...tasks.values()]) {
    if (status !== "PENDING") continue;
    asked += 1;
    const answer = await fetch(`/tasks/${id}/`, { headers: { Accept: "application/json" } });
    tasks.set(id, await answer.json());
  }
  draw();
  const pending = [...tasks.values()].some(({ status }) => status === "PENDING");
  timer = pending ? setTimeout(askForAll, 300) : 0;
}

form.onsubmit = (event) => {
  event.preventDefault();
  const body = new FormData();
  body.set("duration", form.elements.duration.value);
  fetch("/tasks/", { method: "POST", body }).then(async (answer) => {
    document.querySelector("#problem").textContent = answer.status === 201 ? "" : `Refused: ${await answer.clone().text()}`;
    if (answer.status !== 201) return;
    const task = await answer.json();
    tasks.set(task.id, task);
    draw();
    timer ||= setTimeout(askForAll, 300);
  });
};
