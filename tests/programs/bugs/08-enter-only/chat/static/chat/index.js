const form = document.querySelector("form");
const roomName = document.querySelector("#room-name-input");

form.addEventListener("submit", (event) => event.preventDefault());

roomName.addEventListener("keyup", (event) => {
  if (event.key === "Enter" && form.reportValidity()) location.assign(`/chat/${roomName.value}/`);
});
