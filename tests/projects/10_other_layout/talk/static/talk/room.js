const $ = (id) => document.getElementById(id);
const socket = new WebSocket($("talk").dataset.socket);

socket.onmessage = ({ data }) => {
  const said = JSON.parse(data);
  const item = document.createElement("dd");
  item.append(said.message ?? said.error);
  $("chat-log").prepend(item);
};

$("talk").onsubmit = () => {
  socket.send(JSON.stringify({ message: $("chat-message-input").value }));
  $("talk").reset();
  return false;
};
