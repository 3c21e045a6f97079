const form = document.querySelector("form");
const roomName = document.querySelector("#room-name-input");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  localStorage.setItem("room", roomName.value);
  location.assign(`/chat/${roomName.value}/`);
});
