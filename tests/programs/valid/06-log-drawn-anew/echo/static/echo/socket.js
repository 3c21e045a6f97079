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

const page = { state: "connecting", code: "", lines: [], queue: [] };

function draw() {
  show(page.state);
  code.textContent = page.code;
  log.replaceChildren(
    ...page.lines.map((text) => {
      const line = document.createElement("li");
      line.textContent = text;
      return line;
    }),
  );
}

function update(change) {
  Object.assign(page, change);
  draw();
}

const scheme = { "http:": "ws:", "https:": "wss:" }[location.protocol];
const socket = new WebSocket(`${scheme}//${location.host}/ws/echo/`);

socket.addEventListener("open", () => {
  while (page.queue.length) socket.send(page.queue.shift());
  update({ state: "open" });
});
socket.addEventListener("message", (event) => update({ lines: [...page.lines, event.data] }));
socket.addEventListener("error", () => update({ state: "error" }));
socket.addEventListener("close", (event) => update({ state: "closed", code: event.code }));

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (socket.readyState >= WebSocket.CLOSING) return;
  const text = message.value;
  message.value = "";
  if (socket.readyState === WebSocket.OPEN) socket.send(text);
  else page.queue.push(text);
});

closeButton.addEventListener("click", () => socket.close(1000));

draw();
