const status = document.querySelector("#status");
const log = document.querySelector("#chat-log");
const form = document.querySelector("form");
const input = document.querySelector("#chat-message-input");

const roomName = JSON.parse(document.querySelector("#room-name").textContent);
const socket = new WebSocket(`/ws/chat/${roomName}/`);

socket.addEventListener("open", () => {
  status.textContent = "open";
});

socket.addEventListener("close", (event) => {
  status.textContent = `closed (${event.code})`;
});

socket.addEventListener("message", (event) => {
  const data = JSON.parse(event.data);
  const line = document.createElement("li");
  if ("error" in data) {
    line.textContent = `Not sent: ${data.error}`;
  } else if (/https?:/.test(data.message)) {
    // Make addresses clickable.
    line.innerHTML = data.message.replace(/https?:[^ ]+/g, (url) => `<a href="${url}">${url}</a>`);
  } else {
    line.textContent = data.message;
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
