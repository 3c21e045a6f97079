const status = document.querySelector("#status");
const log = document.querySelector("#chat-log");
const form = document.querySelector("form");
const input = document.querySelector("#chat-message-input");

const roomName = JSON.parse(document.querySelector("#room-name").textContent);
const socket = new WebSocket(`/ws/chat/${roomName}/`);

socket.addEventListener("open", () => {
  status.textContent = "open";
});
const REASONS = {
  4401: "closed: log in first",
  4403: "closed: this room is for its members",
};

socket.addEventListener("close", (event) => {
  status.textContent = REASONS[event.code];
});
socket.addEventListener("message", (event) => {
  const data = JSON.parse(event.data);
  const line = document.createElement("li");
  line.textContent = "error" in data ? `Not sent: ${data.error}` : `${data.user}: ${data.message}`;
  log.append(line);
  line.scrollIntoView({ block: "nearest" });
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (socket.readyState !== WebSocket.OPEN) return; // too early or too late: the text stays in the field
  socket.send(JSON.stringify({ message: input.value }));
  input.value = "";
});
