"""What the student has done, in a readable file that no course update touches; and the map of the course by it.

Entries of progress.toml are keyed by a lesson's slug; those that this version of the course does not know are kept.
Above them, `current` names the lesson that was worked on last.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from course.catalog.lessons import ROOT, Lesson, lessons
from course.student import progress_file
from course.student.effort import Effort, effort_of, note_check

FILE = ROOT / "progress.toml"
MARKS = {"passed": "✓", "mastered": "★", "broken": "✗"}  # of a lesson on the map
DONE = ("passed", "mastered")  # one may go on


@dataclass(frozen=True)
class Standing:
    """How a lesson stands: when it first passed and was mastered, what holds no longer, which hints were told."""

    passed_on: str = ""
    mastered_on: str = ""
    broken: bool = False
    own_broken: bool = False  # the star: an own check fails, after all of them had passed
    hints: dict[str, int] = field(default_factory=dict)  # check -> how many of its hints were told


class Progress:
    """The file, read at the start and before each change, which is written at once: two commands may run together."""

    def __init__(self, path: Path | None = None) -> None:
        """Read the file, progress.toml unless another is named; without one, nothing has been done yet.

        Raises CourseError when the file can't be read; it is left as it is.
        """
        self._path = path or FILE
        self._take(progress_file.read(self._path))
        self.trouble = ""  # why the last change could not be written, for the student

    def of(self, slug: str) -> Standing:
        """Return a lesson's standing."""
        return self._standings.get(slug, Standing())

    def effort(self, slug: str) -> Effort:
        """Return how much was done for a lesson."""
        return self._efforts.get(slug, Effort())

    def record(self, slug: str, passed: bool, mastered: bool | None = None, trouble: str = "") -> None:
        """Write down the outcome of a lesson's checks; a failure after a pass marks the lesson as broken.

        `mastered` says how the own checks came out, where they ran, and `trouble` what failed.
        """
        with self._changing() as data:
            before, today = self.of(slug), f"{datetime.date.today()}"
            after = replace(before, broken=not passed and bool(before.passed_on))
            if passed:
                after = replace(after, passed_on=before.passed_on or today)
            if mastered:
                after = replace(after, mastered_on=before.mastered_on or today)
            if mastered is not None and passed:
                after = replace(after, own_broken=not mastered and bool(before.mastered_on))
            _put(data, slug, after)
            note_check(data, slug, "" if passed else trouble, breaks=after.broken and not before.broken)

    def work_on(self, slug: str) -> None:
        """Remember a lesson as the one that is worked on, so that the next command goes on with it."""
        if slug != self.current:
            with self._changing() as data:
                data["current"] = slug

    def tell_hint(self, slug: str, check: str, most: int) -> int:
        """Count one more hint of a check as told, up to `most`, and return how many that makes."""
        with self._changing() as data:
            before = self.of(slug)
            told = min(before.hints.get(check, 0) + 1, most)
            _put(data, slug, replace(before, hints=before.hints | {check: told}))
        return told

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Any]]:
        """Hand out the newest document to be changed; one that can't be written is told, and nothing else is lost."""
        self.trouble = ""
        try:
            with progress_file.changing(self._path) as data:
                self._take(data)
                yield data
                self._take(data)
        except OSError as error:
            self.trouble = f"Your progress can't be kept in {self._path}: {error.strerror}."

    def _take(self, data: Mapping[str, Any]) -> None:
        tables = {slug: table for slug, table in data.items() if isinstance(table, dict)}
        try:
            self.current = _current(data)  # the slug of the lesson that was worked on last
            self._standings = {slug: _standing(table) for slug, table in tables.items()}
            self._efforts = {slug: effort_of(table) for slug, table in tables.items()}
        except TypeError as error:  # a value of another kind than ours
            raise progress_file.unreadable(self._path, error) from None


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


def next_lesson(progress: Progress, after: Lesson) -> Lesson | None:
    """Return the first lesson after this one that is not passed, else the first of all; None when all others are."""
    known = lessons()
    place = known.index(after)
    to_come = (*known[place + 1 :], *known[:place])
    return next((lesson for lesson in to_come if state_of(progress, lesson) not in DONE), None)


def current_lesson(progress: Progress) -> Lesson:
    """Return the lesson to work on: the one worked on last, until it passes, then the next to do."""
    known = lessons()
    last = next((lesson for lesson in known if lesson.slug == progress.current), known[-1])
    if progress.current == last.slug and state_of(progress, last) not in DONE:
        return last
    return next_lesson(progress, last) or last


def _current(data: Mapping[str, Any]) -> str:
    current = data.get("current", "")
    if not isinstance(current, str):
        raise TypeError("current is not the name of a lesson")
    return current


def _standing(table: Mapping[str, Any]) -> Standing:
    hints = table.get("hints", {})
    if not isinstance(hints, dict) or not all(isinstance(number, int) for number in hints.values()):
        raise TypeError("hints is not a table of numbers")
    return Standing(
        passed_on=f"{table.get('passed_on', '')}",
        mastered_on=f"{table.get('mastered_on', '')}",
        broken=bool(table.get("broken")),
        own_broken=bool(table.get("own_broken")),
        hints=hints,
    )


def _put(data: dict[str, Any], slug: str, standing: Standing) -> None:
    """Write a standing into a lesson's table; what says nothing is left out, and what else is there stays."""
    others = {key: value for key, value in data.get(slug, {}).items() if key not in vars(standing)}
    data[slug] = {key: value for key, value in vars(standing).items() if value} | others
