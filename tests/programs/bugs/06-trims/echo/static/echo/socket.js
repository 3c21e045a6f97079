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

const sentAt = []; // when each text was sent whose echo is still to come
const count = document.createElement("output");
count.id = "waiting";
document.querySelector(".connection").append("Waiting ", count);

function showCount() {
  count.textContent = waiting.length + sentAt.length;
}
const socket = new WebSocket("/ws/echo/");

socket.addEventListener("open", () => show("open"));

socket.addEventListener("message", (event) => {
  const line = document.createElement("li");
  line.textContent = event.data;
  log.append(line);
  line.dataset.ms = Math.round(performance.now() - sentAt.shift());
  showCount();
});

const waiting = [];

function sendWaiting() {
  while (socket.readyState === WebSocket.OPEN && waiting.length > 0) {
    socket.send(waiting.shift());
    sentAt.push(performance.now());
  }
}

socket.addEventListener("open", sendWaiting);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (socket.readyState > WebSocket.OPEN) return; // too late: it stays in the field
  waiting.push(message.value.trim());
  message.value = "";
  sendWaiting();
  showCount();
});

showCount();
closeButton.addEventListener("click", () => socket.close(1000));

socket.addEventListener("error", () => show("error"));

socket.addEventListener("close", (event) => {
  show("closed");
  code.textContent = event.code;
});
