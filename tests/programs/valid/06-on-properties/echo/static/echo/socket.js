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
let waiting = [];

socket.onopen = () => {
  show("open");
  waiting.forEach((text) => socket.send(text));
  waiting = [];
};

socket.onmessage = ({ data }) => {
  const line = log.appendChild(document.createElement("li"));
  line.innerText = data;
};

socket.onerror = () => show("error");

socket.onclose = ({ code: number }) => {
  show("closed");
  code.value = String(number);
};

form.onsubmit = () => {
  const text = message.value;
  switch (socket.readyState) {
    case WebSocket.CONNECTING:
      waiting.push(text);
      message.value = "";
      break;
    case WebSocket.OPEN:
      socket.send(text);
      message.value = "";
      break;
  }
  return false;
};

closeButton.onclick = () => socket.close(1000);
