const element = (id) => document.getElementById(id);
const lines = [];

function draw() {
  const items = lines.map(({ text, bad }) => {
    const item = document.createElement("li");
    item.textContent = text;
    item.classList.toggle("bad", bad);
    return item;
  });
  element("chat-log").replaceChildren(...items);
  items.at(-1)?.scrollIntoView({ block: "nearest" });
}

const roomName = JSON.parse(element("room-name").textContent);
const address = new URL(`/ws/chat/${roomName}/`, location.href);
address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
const socket = new WebSocket(address);

const handlers = {
  message: (data) => lines.push({ text: data.message, bad: false }),
  error: (data) => lines.push({ text: `Not sent: ${data.error}`, bad: true }),
};

socket.addEventListener("open", () => (element("status").textContent = "open"));
socket.addEventListener("close", ({ code }) => (element("status").textContent = `closed (${code})`));
socket.addEventListener("message", (event) => {
  const data = JSON.parse(event.data);
  handlers["error" in data ? "error" : "message"](data);
  draw();
});

document.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = element("chat-message-input");
  if (socket.readyState !== socket.OPEN) return;
  socket.send(JSON.stringify({ message: field.value }));
  field.value = "";
  field.focus();
});
