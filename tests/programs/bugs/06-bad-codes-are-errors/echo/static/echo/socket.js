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

socket.addEventListener("open", () => show("open"));

socket.addEventListener("message", (event) => {
  const line = document.createElement("li");
  line.textContent = event.data;
  log.append(line);
});

const waiting = [];

function sendWaiting() {
  while (socket.readyState === WebSocket.OPEN && waiting.length > 0) {
    socket.send(waiting.shift());
  }
}

socket.addEventListener("open", sendWaiting);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (socket.readyState > WebSocket.OPEN) return; // too late: it stays in the field
  waiting.push(message.value);
  message.value = "";
  sendWaiting();
});

closeButton.addEventListener("click", () => socket.close(1000));

socket.addEventListener("error", () => show("error"));

socket.addEventListener("close", (event) => {
  show(event.code === 1000 ? "closed" : "error");
  code.textContent = event.code;
});
