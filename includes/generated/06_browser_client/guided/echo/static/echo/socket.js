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

// --8<-- [start:open]
const socket = new WebSocket("/ws/echo/");

socket.addEventListener("open", () => show("open"));
// --8<-- [end:open]

// --8<-- [start:message]
socket.addEventListener("message", (event) => {
  const line = document.createElement("li");
  line.textContent = event.data;
  log.append(line);
});
// --8<-- [end:message]

// --8<-- [start:send]
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
// --8<-- [end:send]

// --8<-- [start:close]
closeButton.addEventListener("click", () => socket.close(1000));

socket.addEventListener("error", () => show("error"));

socket.addEventListener("close", (event) => {
  show("closed");
  code.textContent = event.code;
});
// --8<-- [end:close]
