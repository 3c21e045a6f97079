"""The parts of the docs that are made from what the course holds already.

Checks, hints, mistakes and fixtures have one source each; the pages include what is made of them here.
"""

from __future__ import annotations

import ast
import difflib
import re
import tomllib
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from course.authoring.pages import recordings
from course.authoring.pages.fixtures_reference import fixtures_reference
from course.authoring.pages.markdown import code, fence, folded, prose, sentence
from course.authoring.pages.rooms import rooms_map
from course.catalog import starters
from course.catalog.checklist import Check, checklist
from course.catalog.lessons import Lesson, find, lessons
from course.catalog.mistakes import Mistake, find_mistake, mistakes
from course.catalog.solution_parts import guided_part
from course.errors import CourseError
from course.watch.screen import KEYS

README = Path("README.md")
README_BEGIN, README_END = "<!-- lessons: made by 'python3 course docs --refresh' -->", "<!-- end of lessons -->"
TEXTS = Path("includes/generated")
PICTURES = Path("docs/assets/generated")
ROLES = ("where to look", "what to call", "the shape of the answer")
MARKER = re.compile(r"^[ \t]*(?:#|//)[ \t]*--8<--.*\n", re.MULTILINE)
Files = dict[Path, str | bytes]  # as paths below the root
NEED_CHECKS = (".txt", ".svg", ".png", ".webp", ".json")  # what is made by running checks


def generate(root: Path, outputs: Mapping[Path, str | bytes] | None = None) -> Files:
    """Return the generated files as path, relative to `root`, and content.

    `outputs` are what runs of checks have made; see `refreshing.made_by_runs`.
    """
    files: Files = {
        TEXTS / "versions.md": versions(root),
        TEXTS / "lessons.md": lessons_table(lessons(root)),
        TEXTS / "troubleshooting.md": troubleshooting(lessons(root)),
        TEXTS / "fixtures.md": fixtures_reference(root),
        TEXTS / "words.md": words(root),
        TEXTS / "keys.md": "".join(
            ["| Key | What it does |\n|---|---|\n", *(f"| ++{key}++ | {what} |\n" for key, what in KEYS.items())]
        ),
        TEXTS / "rooms.md": rooms_map(root),
        TEXTS / "example-check.txt": example_check(root),
        TEXTS / "example-mistake.toml": example_mistake(root),
        README: readme(root),
        **(outputs or {}),
    }
    for lesson in lessons(root):
        files |= _lesson_files(lesson)
    files |= recordings.drawn(root, files)
    if (root / ".git").exists():
        files[starters.LIST] = starters.list_of(root, {path: as_bytes(made) for path, made in files.items()})
    return files


def as_bytes(content: str | bytes) -> bytes:
    """Return what a file of this content holds."""
    return content if isinstance(content, bytes) else content.encode()


def stale(root: Path, files: Files, *, outputs: bool) -> list[Path]:
    """Return the files in the generated folders that nothing makes any more."""
    present = [*(root / TEXTS).rglob("*.*"), *(root / PICTURES).rglob("*.*")]
    found = sorted(path.relative_to(root) for path in present)
    return [path for path in found if path not in files and (outputs or path.suffix not in NEED_CHECKS)]


def versions(root: Path) -> str:
    """Return the line that says what the course is tested with."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    python = project["requires-python"].removeprefix(">=")
    packages = ", ".join(f"{name} {version(name.lower())}" for name in ("Django", "Channels", "Daphne"))
    return f"Tested with {packages}, Python {python} or newer\n"


def lessons_table(known: tuple[Lesson, ...], target: str = "lessons/{slug}.md") -> str:
    """Return the table of all lessons, each linked to its `target`."""
    rows = ["| No. | Lesson | What you build | Minutes | Needs |", "|---|---|---|--:|---|"]
    for lesson in known:
        link = f"[{prose(lesson.title)}]({target.format(slug=lesson.slug)})"
        needs = ", ".join(sorted(lesson.needs)) or "–"
        rows.append(f"| {lesson.number} | {link} | {prose(lesson.summary)} | {lesson.minutes} | {needs} |")
    return "\n".join(rows) + "\n"


def readme(root: Path) -> str:
    """Return the README with the table of lessons that there are now."""
    text = read(root / README)
    begin, end = text.find(README_BEGIN), text.find(README_END)
    if begin < 0 or end < begin:
        return text
    # Not to the pages: their listings are included when the site is built, so they have holes anywhere else.
    table = lessons_table(lessons(root), "lessons/{slug}/")
    return f"{text[: begin + len(README_BEGIN)]}\n{table}{text[end:]}"


def example_check(root: Path) -> str:
    """Return the source of a check, as an example for authors."""
    path = find("02", root).checks / "test_sync_echo.py"
    source = path.read_text(encoding="utf-8")
    nodes = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    return f"{ast.get_source_segment(source, nodes[1])}\n"


def example_mistake(root: Path) -> str:
    """Return the first entry of a catalogue of mistakes, as an example for authors."""
    entries = (find("02", root).checks / "mistakes.toml").read_text(encoding="utf-8").split("[[mistake]]\n")
    return f"[[mistake]]\n{entries[1].strip()}\n"


def exercise(checks: tuple[Check, ...]) -> str:
    """Return the numbered list of what the lesson's checks ask for."""
    lines = [
        f"{check.number}. {prose(check.title)}{' (passes from the start)' if check.given else ''}" for check in checks
    ]
    return "\n".join(lines) + "\n"


def own_exercise(checks: tuple[Check, ...]) -> str:
    """Return the list of what the own checks ask for; Markdown would begin a numbered one at 1 again."""
    return "".join(f"- **{check.number}.** {prose(check.title)}\n" for check in checks)


def hints(checks: tuple[Check, ...]) -> str:
    """Return the hints of each check, each folded on its own."""
    parts = []
    for check in checks:
        parts.append(f"**{check.number}. {prose(check.title)}**\n")
        for level, hint in enumerate(check.hints, 1):
            role = ROLES[level - 1] if level <= len(ROLES) else "one step more"
            parts.append(folded(f"Hint {level} – {role}", prose(hint)))
    return "\n".join(parts)


def troubleshooting(known: tuple[Lesson, ...]) -> str:
    """Return the index of all symptoms, each linked to its entry on its lesson's page."""
    parts = []
    for lesson in known:
        page = f"lessons/{lesson.slug}.md"
        if entries := [
            f"- [{code(' '.join(mistake.symptom.split()))}]({page}#mistake-{mistake.name})"
            for mistake in mistakes(lesson)
        ]:
            parts.append("\n".join([f"## {lesson.number} · {prose(lesson.title)}", "", *entries, ""]))
    return "\n".join(parts) or "No symptoms are recorded yet.\n"


def words(root: Path) -> str:
    """Return the glossary as a list that can be read without hovering over a word."""
    text = (root / "includes" / "glossary.md").read_text(encoding="utf-8")
    entries = re.findall(r"^\*\[(.+?)\]: (.+)$", text, re.MULTILINE)
    known = {name: what for name, what in entries if name.removesuffix("s") not in dict(entries) or name[-1] != "s"}
    return "\n".join(f"{name}\n:   {prose(known[name])}\n" for name in sorted(known, key=str.lower))


def difference(lesson: Lesson, mistake: Mistake) -> str:
    """Return the mistake as a unified diff of the solved project."""
    parts = []
    for edit in mistake.edits:
        overlaid = lesson.solution / edit.file
        path = overlaid if overlaid.exists() else lesson.starter / edit.file
        right = path.read_text(encoding="utf-8")
        if mistake.group == "guided":
            right = guided_part(right, listings=True)
        before, after = (MARKER.sub("", text).splitlines() for text in (right, right.replace(edit.old, edit.new)))
        lines = list(difflib.unified_diff(before, after, n=2, lineterm=""))[3:]  # without the heads of file and place
        if len({edit.file for edit in mistake.edits}) > 1:
            parts.append(f"@@ {edit.file} @@")  # the form that a highlighter knows for "here begins another place"
        parts += ["@@ … @@" if line.startswith("@@") else line for line in lines]
    return "\n".join(parts) + "\n"


def _lesson_files(lesson: Lesson) -> dict[Path, str]:
    checks, folder = checklist(lesson), TEXTS / lesson.slug
    guided, own = (tuple(check for check in checks if check.group == group) for group in ("guided", "own"))
    files = {
        folder / "exercise.md": exercise(guided),
        folder / "hints.md": hints(guided),
        folder / "mistakes.md": "\n".join(mistake_entry(mistake, checks) for mistake in mistakes(lesson))
        or "Nothing is known to go wrong here yet.\n",
    }
    if own:
        files |= {folder / "own.md": own_exercise(own), folder / "own-hints.md": hints(own)}
    for name in set(re.findall(rf"{lesson.slug}/guided/([\w./-]+)", read(lesson.page))):
        files[folder / "guided" / name] = guided_part(read(lesson.solution / name), listings=True)
    for name in wanted(lesson, "diff"):
        files[folder / f"mistake-{name}.diff"] = difference(lesson, find_mistake(lesson, name))
    for name in puzzles(lesson):
        files[folder / f"puzzle-{name}.md"] = answer(lesson, find_mistake(lesson, name))
    return files


def wanted(lesson: Lesson, suffix: str) -> set[str]:
    """Return the names of the mistakes that the lesson's page shows."""
    return set(re.findall(rf"\bmistake-([a-z0-9-]+)\.{suffix}\b", read(lesson.page)))


def puzzles(lesson: Lesson) -> set[str]:
    """Return the names of the lesson's mistakes whose reports "Read your failures" shows without their cause."""
    texts = [read(page) for page in (lesson.root / "docs" / "failures").glob("*.md")]
    return set(re.findall(rf"{lesson.slug}/puzzle-([a-z0-9-]+)\.txt\b", "".join(texts)))


def answer(lesson: Lesson, mistake: Mistake) -> str:
    """Return what went wrong in a report that was shown without its cause, and where."""
    return f"{prose(mistake.cause)}\n\n{fence(difference(lesson, mistake), 'diff')}\n\n{prose(mistake.fix)}\n"


def mistake_entry(mistake: Mistake, checks: tuple[Check, ...]) -> str:
    """Return one mistake under an anchor of its own; raise CourseError when it names a check that is not there."""
    numbers = {check.name: check.number for check in checks}
    if mistake.caught_by not in numbers:
        raise CourseError(f"Mistake '{mistake.name}' is caught by '{mistake.caught_by}', which is no check.")
    number = numbers[mistake.caught_by]
    title = prose(checks[number - 1].title)
    return (
        f"### {sentence(mistake.name)} {{ #mistake-{mistake.name} }}\n\n"
        f"{fence(mistake.symptom)}\n\n"
        f"**Cause.** {prose(mistake.cause)}\n\n"
        f"**Fix.** {prose(mistake.fix)}\n\n"
        f"Caught by check {number}: {title}\n"
    )


def read(path: Path) -> str:
    """Return what a file holds; nothing where there is none."""
    return path.read_text(encoding="utf-8") if path.exists() else ""
