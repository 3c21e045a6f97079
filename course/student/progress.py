"""What the student has done, in a readable file that no course update touches; and the map of the course by it.

Entries of progress.toml are keyed by a lesson's slug; those that this version of the course does not know are kept.
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
MARKS = {"passed": "✓", "mastered": "★", "broken": "✗"}  # of a lesson on the map
DONE = ("passed", "mastered")  # one may go on
HEAD = "# Your progress in Channels on the Wire. Yours to keep: course updates leave this file alone.\n"


@dataclass(frozen=True)
class Standing:
    """How a lesson stands: when it first passed and was mastered, what holds no longer, which hints were told."""

    passed_on: str = ""
    mastered_on: str = ""
    broken: bool = False
    own_broken: bool = False  # the star: an own check fails, after all of them had passed
    hints: dict[str, int] = field(default_factory=dict)  # check -> how many of its hints were told


class Progress:
    """The file, read once and written at each change."""

    def __init__(self, path: Path | None = None) -> None:
        """Read the file, progress.toml unless another is named; without one, nothing has been done yet.

        Raises CourseError when the file is not valid TOML; it is left as it is.
        """
        self._path = path or FILE
        self._standings: dict[str, Standing] = {}
        if self._path.exists():
            self._standings = _read(self._path)

    def of(self, slug: str) -> Standing:
        """Return a lesson's standing."""
        return self._standings.get(slug, Standing())

    def record(self, slug: str, passed: bool, mastered: bool | None = None) -> None:
        """Write down the outcome of a lesson's checks; a failure after a pass marks the lesson as broken.

        `mastered` says how the own checks came out, where they ran.
        """
        before, today = self.of(slug), f"{datetime.date.today()}"
        after = replace(before, broken=not passed and bool(before.passed_on))
        if passed:
            after = replace(after, passed_on=before.passed_on or today)
        if mastered:
            after = replace(after, mastered_on=before.mastered_on or today)
        if mastered is not None and passed:
            after = replace(after, own_broken=not mastered and bool(before.mastered_on))
        self._write(slug, after)

    def tell_hint(self, slug: str, check: str, most: int) -> int:
        """Count one more hint of a check as told, up to `most`, and return how many that makes."""
        before = self.of(slug)
        told = min(before.hints.get(check, 0) + 1, most)
        self._write(slug, replace(before, hints=before.hints | {check: told}))
        return told

    def _write(self, slug: str, standing: Standing) -> None:
        if standing == self.of(slug):
            return
        self._standings[slug] = standing
        text = HEAD + "".join(_entry(slug, known) for slug, known in sorted(self._standings.items()))
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
    """Return "passed" or "mastered", "broken" for one that passes no longer, or an empty text."""
    standing = progress.of(known.slug)
    if standing.broken:
        return "broken"
    if standing.mastered_on and not standing.own_broken:
        return "mastered"
    return "passed" if standing.passed_on else ""


def next_lesson(progress: Progress) -> Lesson:
    """Return the first lesson that is not passed, or the last."""
    known = lessons()
    return next((lesson for lesson in known if state_of(progress, lesson) not in DONE), known[-1])


def _read(path: Path) -> dict[str, Standing]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return {slug: _standing(**entry) for slug, entry in data.items()}
    except (OSError, ValueError, TypeError) as error:  # no TOML, no UTF-8, other keys
        remedy = f"Fix it, or move it away: mv {path} {path}.old"
        raise CourseError(f"{path} can't be read: {error}.", remedy) from None


def _standing(
    passed_on: object = "",
    mastered_on: object = "",
    broken: object = False,
    own_broken: object = False,
    hints: object = None,
) -> Standing:
    told = {} if hints is None else hints
    if not isinstance(told, dict) or not all(isinstance(number, int) for number in told.values()):
        raise TypeError("hints is not a table of numbers")
    return Standing(f"{passed_on}", f"{mastered_on}", bool(broken), bool(own_broken), told)


def _entry(slug: str, standing: Standing) -> str:
    lines = [f"\n[{_key(slug)}]"]
    dates = {"passed_on": standing.passed_on, "mastered_on": standing.mastered_on}
    lines += [f"{key} = {json.dumps(date, ensure_ascii=False)}" for key, date in dates.items() if date]
    lines += [f"{key} = true" for key in ("broken", "own_broken") if getattr(standing, key)]
    lines += [f"hints.{_key(check)} = {told}" for check, told in standing.hints.items()]
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    """Return a key as TOML writes it: bare where it may be, else in quotes (those of JSON are the same)."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)
