const form = document.querySelector("form");
const roomName = document.querySelector("#room-name-input");

// --8<-- [start:submit]
form.addEventListener("submit", (event) => {
  event.preventDefault();
  location.assign(`/chat/${roomName.value}/`);
});
// --8<-- [end:submit]

// own:
for (const name of (localStorage.getItem("rooms") ?? "").split(" ").filter(Boolean)) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = `/chat/${name}/`;
  link.textContent = name;
  line.append(link);
  document.querySelector("#recent").append(line);
}
// end own
