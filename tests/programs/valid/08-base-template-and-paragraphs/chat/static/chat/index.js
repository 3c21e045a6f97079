(function () {
  "use strict";
  document.getElementById("enter").addEventListener("submit", function (event) {
    event.preventDefault();
    var name = document.getElementById("room-name-input").value;
    window.location.pathname = "/chat/" + encodeURIComponent(name) + "/";
  });
})();
