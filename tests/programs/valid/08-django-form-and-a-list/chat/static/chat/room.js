(() => {
  const byId = (id) => document.getElementById(id);
  const field = byId("chat-message-input");
  const log = byId("chat-log");
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}/ws/chat/${document.body.dataset.room}/`);

  socket.onopen = () => (byId("status").textContent = "connected");
  socket.onclose = ({ code }) => (byId("status").textContent = `The connection has ended (${code}).`);
  socket.onmessage = ({ data }) => {
    const { message, error } = JSON.parse(data);
    if (error !== undefined) {
      byId("status").textContent = "The server has refused the last message.";
      return;
    }
    const line = log.appendChild(document.createElement("div"));
    line.innerText = message;
    log.scrollTop = log.scrollHeight;
  };

  function send() {
    if (field.value !== "" && socket.readyState === 1) {
      socket.send(JSON.stringify({ message: field.value }));
      field.value = "";
    }
    field.focus();
  }

  byId("chat-message-submit").onclick = send;
  field.onkeydown = (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      send();
    }
  };
})();
