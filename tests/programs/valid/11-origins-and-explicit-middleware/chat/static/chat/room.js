const status = document.querySelector("#status");
const log = document.querySelector("#chat-log");
const form = document.querySelector("form");
const input = document.querySelector("#chat-message-input");

const roomName = JSON.parse(document.querySelector("#room-name").textContent);
const socket = new WebSocket(`/ws/chat/${roomName}/`);

socket.addEventListener("open", () => {
  status.textContent = "open";
});

socket.addEventListener("close", ({ code }) => {
  switch (code) {
    case 4401:
      status.textContent = "closed: log in first";
      break;
    case 4403:
      status.textContent = "closed: this room is for its members";
      break;
    default:
      status.textContent = `closed (${code})`;
  }
});

socket.addEventListener("message", (event) => {
  const data = JSON.parse(event.data);
  const line = document.createElement("li");
  if ("error" in data) {
    line.append(`Not sent: ${data.error}`);
  } else {
    const name = document.createElement("strong");
    name.textContent = data.user;
    line.append(name, `: ${data.message}`);
  }
  log.append(line);
  line.scrollIntoView({ block: "nearest" });
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (socket.readyState !== WebSocket.OPEN) return; // too early or too late: the text stays in the field
  socket.send(JSON.stringify({ message: input.value }));
  input.value = "";
  input.focus();
});
