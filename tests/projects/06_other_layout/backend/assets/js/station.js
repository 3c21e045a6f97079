(function () {
  "use strict";

  var $ = function (id) {
    return document.getElementById(id);
  };

  function Station() {
    var address = new URL("lamp", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    this.socket = new WebSocket(address);
    this.socket.onopen = this.tell.bind(this, "open");
    this.socket.onerror = this.tell.bind(this, "error");
    this.socket.onmessage = this.add.bind(this);
    this.socket.onclose = this.end.bind(this);
    $("send").disabled = true;
    this.under_way = [];
    this.meter = document.querySelector("p").appendChild(document.createElement("kbd"));
    this.meter.setAttribute("id", "waiting");
    this.count();
  }

  Station.prototype.count = function () {
    this.meter.innerText = String(this.under_way.length);
  };

  Station.prototype.tell = function (state) {
    $("status").setAttribute("data-state", state);
    $("status").querySelector("em").innerText = state;
    $("send").disabled = state !== "open";
  };

  Station.prototype.add = function (event) {
    var item = document.createElement("LI");
    item.appendChild(document.createTextNode(event.data));
    if (this.under_way.length) {
      item.setAttribute("data-ms", Date.now() - this.under_way.splice(0, 1)[0]);
      this.count();
    }
    $("log").appendChild(item);
  };

  Station.prototype.end = function (event) {
    this.tell("closed");
    $("code").innerText = String(event.code);
  };

  Station.prototype.blink = function () {
    if (this.socket.readyState !== this.socket.OPEN) return;
    this.under_way.push(Date.now());
    this.count();
    this.socket.send($("message").value);
    $("message").value = "";
  };

  var station = new Station();

  $("send").onclick = function () {
    station.blink();
  };
  $("message").onkeydown = function (event) {
    if (event.key === "Enter") {
      event.preventDefault();
      station.blink();
    }
  };
  $("close").onclick = function (event) {
    event.preventDefault();
    station.socket.close(1000, "The keeper goes home.");
  };
})();
