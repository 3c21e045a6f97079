const status = document.querySelector("#status");
const log = document.querySelector("#chat-log");
const form = document.querySelector("form");
const input = document.querySelector("#chat-message-input");

const roomName = JSON.parse(document.querySelector("#room-name").textContent);
const socket = new WebSocket(`/ws/chat/${roomName}/`);

function addLine(text) {
  const line = document.createElement("li");
  line.textContent = text;
  log.append(line);
  line.scrollIntoView({ block: "nearest" });
}

socket.addEventListener("open", () => {
  status.textContent = "open";
});

socket.addEventListener("close", (event) => {
  status.textContent = `closed (${event.code})`;
});

socket.addEventListener("message", (event) => {
  const data = JSON.parse(event.data);
  if ("error" in data) addLine(`Not sent: ${data.error}`);
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (socket.readyState !== WebSocket.OPEN) return;
  socket.send(JSON.stringify({ message: input.value }));
  addLine(input.value);
  input.value = "";
  input.focus();
});
