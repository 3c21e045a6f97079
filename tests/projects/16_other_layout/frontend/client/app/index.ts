import { filter } from "rxjs";
import { ChannelerService, type Told } from "./channeler.service";

const $ = (id: string) => document.getElementById(id)!;
const field = (id: string) => $(id) as HTMLInputElement;
const service = new ChannelerService();
const told = service.messages.pipe(filter((message) => message.type !== "hello"));
const words = (t: Told) =>
  t.registration_type ? `${t.registration_type}: ${t.registration_data.section}` : String(t.message ?? t.error);

told.subscribe((message) => {
  const item = document.createElement("li");
  item.dataset.type = message.registration_type || (message.error ? "error" : message.type);
  item.innerText = words(message);
  $("events").append(item);
});
told.subscribe((message) => ($("latest").innerText = words(message)));
told.pipe(filter((message) => !message.error)).subscribe(async () => {
  const answer = await fetch("/seats/").catch(() => null);
  if (!answer) return;
  $("seats").innerHTML = "";
  for (const code of await answer.json()) $("seats").append(Object.assign(document.createElement("b"), { innerText: code }));
  for (const seat of $("seats").children) seat.setAttribute("data-section", (seat as HTMLElement).innerText);
});

$("subscribe").onclick = () => service.subscribe(field("student").value);
$("unsubscribe").onclick = () => service.unsubscribe();
$("send").onclick = () => service.send({ command: field("command").value, student: field("student").value });
$("command").onkeydown = (event) => {
  if (event.key === "Enter") $("send").click();
};
