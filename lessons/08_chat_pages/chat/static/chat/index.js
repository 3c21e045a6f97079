const form = document.querySelector("form");
const roomName = document.querySelector("#room-name-input");

// TODO: when the form is submitted, go to /chat/<room name>/.
