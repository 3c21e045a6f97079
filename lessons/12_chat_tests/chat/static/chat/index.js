const form = document.querySelector("form");
const roomName = document.querySelector("#room-name-input");
roomName.focus(); // now, and not some time after the page is loaded, as autofocus does: a test types at once

form.addEventListener("submit", (event) => {
  event.preventDefault();
  location.assign(`/chat/${roomName.value}/`);
});
