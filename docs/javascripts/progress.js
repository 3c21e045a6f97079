/* Fills the page "Your progress" from what `course docs` reads on this machine. On the web, the file says nothing. */

const COLUMNS = ["Lesson", "State", "Time spent", "Broken", "What fails"];

async function showProgress() {
  const place = document.getElementById("progress");
  if (!place) return;
  const answer = await fetch("../progress.json").catch(() => null);
  const told = answer?.ok ? await answer.json() : null;
  if (!told) return; // the text that is there says where it can be seen
  const { summary, trouble, lessons } = told;
  const lead = document.createElement("p");
  lead.textContent = trouble || summary;
  place.replaceChildren(lead, ...(lessons.length ? [tableOf(lessons)] : []));
}

function tableOf(lessons) {
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  for (const name of COLUMNS) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = name;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const lesson of lessons) {
    const row = body.insertRow();
    const link = document.createElement("a");
    link.href = `../lessons/${lesson.slug}/`;
    link.textContent = `${lesson.number} · ${lesson.title}`;
    row.insertCell().append(link);
    row.insertCell().textContent = `${lesson.mark} ${lesson.state} ${lesson.passed_on}`.trim();
    row.insertCell().append(...timeOf(lesson));
    row.insertCell().textContent = lesson.breaks ? `${lesson.breaks} ×` : "";
    row.insertCell().textContent = lesson.trouble;
  }
  return table;
}

function timeOf(lesson) {
  if (!lesson.checks) return [`of ${lesson.minutes} min`];
  const bar = document.createElement("progress");
  bar.max = lesson.minutes * 60;
  bar.value = lesson.spent_s;
  bar.setAttribute("aria-label", `Time spent on lesson ${lesson.number}`);
  return [bar, ` ${lesson.spent} of ${lesson.minutes} min`];
}

document$.subscribe(showProgress);
