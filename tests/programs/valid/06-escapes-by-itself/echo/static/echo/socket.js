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

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escape = (text) => text.replace(/[&<>"']/g, (letter) => ENTITIES[letter]);

const socket = new WebSocket("/ws/echo/", ["echo.v1"]);
const waiting = [];

const listeners = {
  open() {
    show("open");
    waiting.splice(0).forEach((text) => socket.send(text));
  },
  message(event) {
    log.insertAdjacentHTML("beforeend", `<li class="line">${escape(event.data)}</li>`);
    log.lastElementChild.scrollIntoView({ block: "nearest" });
  },
  error() {
    show("error");
  },
  close(event) {
    show("closed");
    code.textContent = event.code;
  },
};

for (const [type, listener] of Object.entries(listeners)) socket.addEventListener(type, listener);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const over = [WebSocket.CLOSING, WebSocket.CLOSED].includes(socket.readyState);
  if (over) return;
  const text = message.value;
  form.reset();
  socket.readyState === WebSocket.OPEN ? socket.send(text) : waiting.push(text);
});

closeButton.addEventListener("click", () => socket.close(1000));
