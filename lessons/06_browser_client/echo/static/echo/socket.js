// What index.html gives you to work with.
const status = document.querySelector("#status");
const code = document.querySelector("#code");
const log = document.querySelector("#log");
const form = document.querySelector("form");
const message = document.querySelector("#message");
const closeButton = document.querySelector("#close");

// Show one of the four states: "connecting", "open", "closed", "error".
function show(state) {
  status.dataset.state = state;
  status.textContent = state;
}

// TODO: open a WebSocket to /ws/echo/ and show what becomes of it.
// TODO: send what is typed, add what comes back to the log, close with 1000.
