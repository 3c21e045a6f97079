import { connect } from "./connection.js";

const $ = (selector) => document.querySelector(selector);

function show(state) {
  $("#status").dataset.state = state;
  $("#status").textContent = state;
}

const connection = connect("/ws/echo/", {
  onState: show,
  onText(text) {
    const line = document.createElement("li");
    line.textContent = text;
    $("#log").append(line);
  },
  onEnd(code) {
    show("closed");
    $("#code").textContent = code;
  },
});

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (connection.say($("#message").value)) $("#message").value = "";
});

$("#close").addEventListener("click", () => connection.close());
