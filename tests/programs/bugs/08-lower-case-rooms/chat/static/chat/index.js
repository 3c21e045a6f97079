const form = document.querySelector("form");
const roomName = document.querySelector("#room-name-input");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  location.assign(`/chat/${roomName.value.toLowerCase()}/`);
});
