"""What the student has done, in a readable file that no course update touches; and the map of the course by it.

Entries of progress.toml are keyed by a lesson's slug; those that this version of the course does not know are kept.
Above them, `current` names the lesson that was worked on last.
"""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from course.catalog.lessons import ROOT, Lesson, lessons
from course.errors import CourseError

FILE = ROOT / "progress.toml"
MARKS = {"passed": "✓", "broken": "✗"}  # of a lesson on the map
HEAD = "# Your progress in Channels on the Wire. Yours to keep: course updates leave this file alone.\n"


@dataclass(frozen=True)
class Standing:
    """How a lesson stands: when it first passed, whether it passes no longer, which hints were told."""

    passed_on: str = ""
    broken: bool = False
    hints: dict[str, int] = field(default_factory=dict)  # check -> how many of its hints were told


class Progress:
    """The file, read at the start and before each change, which is written at once: two commands may run together."""

    def __init__(self, path: Path | None = None) -> None:
        """Read the file, progress.toml unless another is named; without one, nothing has been done yet.

        Raises CourseError when the file is not valid TOML; it is left as it is.
        """
        self._path = path or FILE
        self._standings: dict[str, Standing] = {}
        self.current = ""  # the slug of the lesson that was worked on last
        self._read()

    def of(self, slug: str) -> Standing:
        """Return a lesson's standing."""
        return self._standings.get(slug, Standing())

    def record(self, slug: str, passed: bool) -> None:
        """Write down the outcome of a lesson's checks; a failure after a pass marks the lesson as broken."""
        self._read()
        before = self.of(slug)
        if passed:
            after = replace(before, passed_on=before.passed_on or f"{datetime.date.today()}", broken=False)
        else:
            after = replace(before, broken=bool(before.passed_on))
        self._change(slug, after)

    def tell_hint(self, slug: str, check: str, most: int) -> int:
        """Count one more hint of a check as told, up to `most`, and return how many that makes."""
        self._read()
        before = self.of(slug)
        told = min(before.hints.get(check, 0) + 1, most)
        self._change(slug, replace(before, hints=before.hints | {check: told}))
        return told

    def work_on(self, slug: str) -> None:
        """Remember a lesson as the one that is worked on, so that the next command goes on with it."""
        self._read()
        if slug != self.current:
            self.current = slug
            self._write()

    def _read(self) -> None:
        if self._path.exists():
            self.current, self._standings = _read(self._path)

    def _change(self, slug: str, standing: Standing) -> None:
        if standing != self.of(slug):
            self._standings[slug] = standing
            self._write()

    def _write(self) -> None:
        current = f"\ncurrent = {json.dumps(self.current, ensure_ascii=False)}\n" if self.current else ""
        entries = (_entry(slug, known) for slug, known in sorted(self._standings.items()))
        text = HEAD + current + "".join(entries)
        draft = self._path.with_suffix(".tmp")
        draft.write_text(text, encoding="utf-8")
        draft.replace(self._path)


def lesson_map(progress: Progress) -> Iterator[tuple[Lesson, str]]:
    """Yield each lesson with its line: mark, number, title, minutes, and its state in words."""
    for known in lessons():
        state = state_of(progress, known)
        line = f"{MARKS.get(state, ' ')} {known.number}  {known.title:44} {known.minutes:3} min  {state}"
        yield known, line.rstrip()


def state_of(progress: Progress, known: Lesson) -> str:
    """Return "passed", "broken" for one that passes no longer, or an empty text."""
    standing = progress.of(known.slug)
    if standing.broken:
        return "broken"
    return "passed" if standing.passed_on else ""


def next_lesson(progress: Progress, after: Lesson) -> Lesson | None:
    """Return the first lesson after this one that is not passed, else the first of all; None when all others are."""
    known = lessons()
    place = known.index(after)
    to_come = (*known[place + 1 :], *known[:place])
    return next((lesson for lesson in to_come if state_of(progress, lesson) != "passed"), None)


def current_lesson(progress: Progress) -> Lesson:
    """Return the lesson to work on: the one worked on last, until it passes, then the next to do."""
    known = lessons()
    last = next((lesson for lesson in known if lesson.slug == progress.current), known[-1])
    if progress.current == last.slug and state_of(progress, last) != "passed":
        return last
    return next_lesson(progress, last) or last


def _read(path: Path) -> tuple[str, dict[str, Standing]]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        current = data.pop("current", "")
        if not isinstance(current, str):
            raise TypeError("current is not the name of a lesson")
        return current, {slug: _standing(**entry) for slug, entry in data.items()}
    except (OSError, ValueError, TypeError) as error:  # no TOML, no UTF-8, other keys
        remedy = f"Fix it, or move it away: mv {path} {path}.old"
        raise CourseError(f"{path} can't be read: {error}.", remedy) from None


def _standing(passed_on: object = "", broken: object = False, hints: object = None) -> Standing:
    told = {} if hints is None else hints
    if not isinstance(told, dict) or not all(isinstance(number, int) for number in told.values()):
        raise TypeError("hints is not a table of numbers")
    return Standing(str(passed_on), bool(broken), told)


def _entry(slug: str, standing: Standing) -> str:
    lines = [f"\n[{_key(slug)}]"]
    if standing.passed_on:
        lines.append(f"passed_on = {json.dumps(standing.passed_on, ensure_ascii=False)}")
    if standing.broken:
        lines.append("broken = true")
    lines += [f"hints.{_key(check)} = {told}" for check, told in standing.hints.items()]
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    """Return a key as TOML writes it: bare where it may be, else in quotes (those of JSON are the same)."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)
