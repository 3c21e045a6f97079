// One object for the page of a room.
class ChatRoom {
  constructor(name) {
    this.log = document.getElementById("chat-log");
    this.status = document.getElementById("status");
    this.input = document.getElementById("chat-message-input");
    this.form = this.input.form;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(`${scheme}//${location.host}/ws/chat/${name}/`);
    this.socket.onopen = () => this.show("open");
    this.socket.onclose = (event) => this.show(`closed (${event.code})`);
    this.socket.onmessage = (event) => this.receive(JSON.parse(event.data));
    this.form.onsubmit = (event) => this.submit(event);
  }

  show(state) {
    this.status.textContent = state;
  }

  receive({ message, error }) {
    const line = this.log.appendChild(document.createElement("li"));
    line.append(error === undefined ? message : `Not sent: ${error}`);
    line.scrollIntoView({ block: "nearest" });
  }

  submit(event) {
    event.preventDefault();
    if (this.socket.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify({ message: this.input.value }));
      this.form.reset();
    }
    this.input.focus();
  }
}

new ChatRoom(JSON.parse(document.getElementById("room-name").textContent));
