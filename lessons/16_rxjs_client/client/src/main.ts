import { ChannelerService } from "./channeler.service";
import type { Message } from "./messages";

const channeler = new ChannelerService();
const student = find<HTMLInputElement>("#student");
const command = find<HTMLInputElement>("#command");
const events = find("#events");
const latest = find("#latest");
const seats = find("#seats");
const sections = find("#sections");

// Two listeners: one writes down all that comes, the other one keeps the rest of the page up to date.
channeler.messages.subscribe((message) => events.append(lineOf(message)));
channeler.messages.subscribe((message) => {
  latest.textContent = textOf(message);
  if (message.type === "subscribe" || message.registration_type) {
    showWhatIs();
  }
});

find("#subscribe").addEventListener("click", () => channeler.subscribe(student.value));
find("#unsubscribe").addEventListener("click", () => channeler.unsubscribe());
find("#speak").addEventListener("submit", (event) => {
  event.preventDefault();
  channeler.send({ command: command.value, student: student.value });
});
showWhatIs();

// What happened while nobody listened, no push tells. The server's database knows it.
async function showWhatIs(): Promise<void> {
  try {
    const [all, mine]: [Section[], string[]] = await Promise.all([ask("/sections/"), ask("/seats/")]);
    sections.replaceChildren(...all.map(offer));
    seats.replaceChildren(...mine.map(lineWith));
  } catch {
    // The server is away. It is asked again after the next subscription.
  }
}

interface Section {
  section: string;
  title: string;
  free: number;
}

async function ask(path: string): Promise<any> {
  return (await fetch(path)).json();
}

function offer({ section, title, free }: Section): HTMLElement {
  const line = document.createElement("li");
  line.dataset.section = section;
  const button = document.createElement("button");
  button.textContent = `Register for ${section}`;
  button.addEventListener("click", () => register(section));
  line.append(`${title}: ${free} free `, button);
  return line;
}

// What becomes of it, the server tells over the WebSocket.
function register(section: string): void {
  void fetch("/registrations/", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ student: student.value, section }),
  });
}

function lineWith(section: string): HTMLElement {
  const line = document.createElement("li");
  line.dataset.section = section;
  line.textContent = section;
  return line;
}

function lineOf(message: Message): HTMLElement {
  const line = document.createElement("li");
  line.dataset.type = message.registration_type ?? message.type ?? "error";
  line.textContent = textOf(message);
  return line;
}

function textOf({ message, error, registration_type, registration_data }: Message): string {
  const what = registration_data?.reason ?? registration_data?.section;
  return message ?? error ?? `${registration_type}: ${what}`;
}

function find<Kind extends HTMLElement>(selector: string): Kind {
  const found = document.querySelector<Kind>(selector);
  if (!found) {
    throw new Error(`The page has no ${selector}.`);
  }
  return found;
}
