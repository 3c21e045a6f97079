// The page as a class; nothing outside of it.
class EchoPage {
  #socket;
  #early = [];

  constructor(root, url) {
    this.status = root.querySelector("#status");
    this.code = root.querySelector("#code");
    this.log = root.querySelector("#log");
    this.field = root.querySelector("#message");
    root.querySelector("form").addEventListener("submit", this);
    root.querySelector("#close").addEventListener("click", this);
    this.#socket = new WebSocket(url);
    for (const type of ["open", "message", "error", "close"]) this.#socket.addEventListener(type, this);
  }

  handleEvent(event) {
    this[event.type](event);
  }

  open() {
    this.#show("open");
    for (const text of this.#early.splice(0)) this.#socket.send(text);
  }

  message(event) {
    const line = document.createElement("li");
    line.append(event.data);
    this.log.append(line);
  }

  error() {
    this.#show("error");
  }

  close(event) {
    this.#show("closed");
    this.code.textContent = `${event.code}`;
  }

  submit(event) {
    event.preventDefault();
    if (this.#socket.readyState > 1) return;
    const text = this.field.value;
    this.field.value = "";
    if (this.#socket.readyState === 1) this.#socket.send(text);
    else this.#early.push(text);
  }

  click() {
    this.#socket.close(1000, "the reader has had enough");
  }

  #show(state) {
    this.status.setAttribute("data-state", state);
    this.status.textContent = state;
  }
}

const address = new URL("/ws/echo/", location.href);
address.protocol = address.protocol.replace("http", "ws");
new EchoPage(document, address.href);
