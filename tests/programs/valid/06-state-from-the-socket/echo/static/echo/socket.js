const $ = (id) => document.getElementById(id);
const names = ["connecting", "open", "closed", "closed"];
const socket = new WebSocket(new URL("/ws/echo/", location.href));
const listeners = new AbortController();
const queue = [];

function draw(state = names[socket.readyState]) {
  $("status").setAttribute("data-state", state);
  $("status").replaceChildren(state);
}

function flush() {
  for (const text of queue.splice(0)) socket.send(text);
}

const on = {
  open() {
    draw();
    flush();
  },
  message({ data }) {
    const item = document.createElement("li");
    item.append(data);
    $("log").appendChild(item);
  },
  error() {
    draw("error");
  },
  close({ code }) {
    draw();
    $("code").value = String(code);
    listeners.abort();
  },
};
for (const [name, listener] of Object.entries(on)) socket.addEventListener(name, listener, { signal: listeners.signal });

$("close").onclick = () => socket.close(1000, "The reader has closed it.");
$("message").form.onsubmit = (event) => {
  event.preventDefault();
  const field = $("message");
  switch (socket.readyState) {
    case WebSocket.CONNECTING:
      queue.push(field.value);
      field.value = "";
      break;
    case WebSocket.OPEN:
      socket.send(field.value);
      field.value = "";
      break;
    default:
      field.select();
  }
};
draw();
