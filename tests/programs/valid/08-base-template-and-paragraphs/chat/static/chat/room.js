(function () {
  "use strict";
  var log = document.getElementById("chat-log");
  var status = document.getElementById("status");
  var field = document.getElementById("chat-message-input");
  var roomName = JSON.parse(document.getElementById("room-name").textContent);
  var scheme = window.location.protocol === "https:" ? "wss://" : "ws://";
  var socket = new WebSocket(scheme + window.location.host + "/ws/chat/" + roomName + "/");

  socket.onopen = function () {
    status.textContent = "open";
  };

  socket.onclose = function (event) {
    status.textContent = "closed (" + event.code + ")";
  };

  socket.onmessage = function (event) {
    var data = JSON.parse(event.data);
    var line = document.createElement("p");
    line.textContent = data.hasOwnProperty("error") ? "Not sent: " + data.error : data.message;
    log.appendChild(line);
    log.scrollTop = log.scrollHeight;
  };

  document.getElementById("say").onsubmit = function () {
    if (socket.readyState === WebSocket.OPEN) {
      socket.send(JSON.stringify({ message: field.value }));
      field.value = "";
      field.focus();
    }
    return false;
  };
})();
