const byId = (id) => document.getElementById(id);
const room = JSON.parse(byId("room-name").textContent);
const address = new URL(`/ws/chat/${room}/`, location.href);
address.protocol = address.protocol.replace("http", "ws");
byId("chat-message-input").focus();

const line = new WebSocket(address);
line.onopen = () => byId("status").replaceChildren("open");
line.onclose = ({ code }) => byId("status").replaceChildren(`closed (${code})`);
line.onmessage = ({ data }) => {
  const { error, message } = JSON.parse(data);
  const item = byId("chat-log").appendChild(document.createElement("li"));
  item.append(error === undefined ? message : `Not sent: ${error}`);
};

document.querySelector("form").onsubmit = (submitted) => {
  submitted.preventDefault();
  const field = byId("chat-message-input");
  if (line.readyState !== WebSocket.OPEN) return;
  line.send(JSON.stringify({ message: field.value }));
  field.value = "";
};
