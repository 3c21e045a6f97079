const form = document.querySelector("form");
const roomName = document.querySelector("#room-name-input");

// --8<-- [start:submit]
form.addEventListener("submit", (event) => {
  event.preventDefault();
  location.assign(`/chat/${roomName.value}/`);
});
// --8<-- [end:submit]
