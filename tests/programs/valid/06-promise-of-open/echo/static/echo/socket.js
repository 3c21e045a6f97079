// What index.html gives you to work with.
const status = document.querySelector("#status");
const code = document.querySelector("#code");
const log = document.querySelector("#log");
const form = document.querySelector("form");
const message = document.querySelector("#message");
const closeButton = document.querySelector("#close");

// Show one of the four states: "connecting", "open", "closed", "error".
function show(state) {
  status.dataset.state = state;
  status.textContent = state;
}

const socket = new WebSocket("/ws/echo/");
const opened = new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));

opened.then(() => show("open"));

socket.addEventListener("message", (event) => {
  const line = document.createElement("li");
  line.appendChild(document.createTextNode(event.data));
  log.insertBefore(line, null);
});

async function whenOpen(text) {
  await opened;
  socket.send(text);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (socket.readyState === WebSocket.CLOSING || socket.readyState === WebSocket.CLOSED) return;
  whenOpen(message.value);
  form.reset();
});

closeButton.addEventListener("click", () => socket.close(1000));

socket.addEventListener("error", () => show("error"));

socket.addEventListener("close", ({ code: number }) => {
  show("closed");
  code.append(number);
});
