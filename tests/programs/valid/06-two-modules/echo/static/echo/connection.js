// A WebSocket that keeps early texts, and says no to late ones.
export function connect(url, { onState, onText, onEnd }) {
  const socket = new WebSocket(url);
  const early = [];

  socket.addEventListener("open", () => {
    onState("open");
    early.splice(0).forEach((text) => socket.send(text));
  });
  socket.addEventListener("message", (event) => onText(event.data));
  socket.addEventListener("error", () => onState("error"));
  socket.addEventListener("close", (event) => onEnd(event.code));

  return {
    say(text) {
      if (socket.readyState > WebSocket.OPEN) return false;
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
      else early.push(text);
      return true;
    },
    close: () => socket.close(1000),
  };
}
