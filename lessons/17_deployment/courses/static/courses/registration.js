const student = JSON.parse(document.querySelector("#student").textContent);
const sections = document.querySelector("#sections");
const events = document.querySelector("#events");

if (student) {
  await showSections();
  listen();
}

// Show each section with its free seats, and a button that asks for one.
async function showSections() {
  const answer = await fetch("/sections/");
  sections.replaceChildren(...(await answer.json()).map(lineOf));
}

function lineOf({ section, title, free }) {
  const line = document.createElement("li");
  line.dataset.section = section;
  const button = document.createElement("button");
  button.textContent = `Register for ${section}`;
  button.addEventListener("click", () => register(section));
  line.append(`${title}: ${free} free `, button);
  return line;
}

// What becomes of it, the server tells over the WebSocket.
function register(section) {
  fetch("/registrations/", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ student, section }),
  });
}

function listen() {
  const socket = new WebSocket("/ws/events/");
  socket.addEventListener("open", () => socket.send(JSON.stringify({ command: "subscribe", student })));
  socket.addEventListener("message", async (event) => {
    show(JSON.parse(event.data));
    await showSections();
  });
  socket.addEventListener("close", () => setTimeout(listen, 1000));
}

function show({ type, message, error, registration_type, registration_data }) {
  const line = document.createElement("li");
  line.dataset.type = registration_type ?? type ?? "error";
  line.textContent = message ?? error ?? `${registration_type}: ${registration_data.reason ?? registration_data.section}`;
  events.append(line);
}
