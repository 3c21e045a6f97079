"""Mutants that change nothing a user sees, as `equivalent.toml` beside a lesson's checks lists them.

An entry quotes the lines that it is about, so it expires with them: one that no mutant fits any more is a fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from course.authoring.mutants.change import Mutant
from course.catalog.lessons import Lesson, entries_of
from course.errors import CourseError

NAME = "equivalent.toml"
KEYS = ("file", "old", "new", "reason")


@dataclass(frozen=True)
class Equivalent:
    """One such mutant: the lines before and after, without the blanks at their ends, and why nobody sees it."""

    file: str
    old: str
    new: str
    reason: str

    def fits(self, mutant: Mutant) -> bool:
        """Tell whether this is about the mutant. Neighbouring lines may be quoted too: they tell two places apart."""
        if mutant.file != self.file:
            return False
        before, after = _lines(mutant.original), _lines(mutant.text)
        old, new = _lines(self.old), _lines(self.new)
        return any(
            before[at : at + len(old)] == old and before[:at] + new + before[at + len(old) :] == after
            for at in range(len(before) - len(old) + 1)
        )


def equivalents(lesson: Lesson) -> tuple[Equivalent, ...]:
    """Return the lesson's entries; raises CourseError for a file that is not valid, or an incomplete entry."""
    path = lesson.checks / NAME
    entries = entries_of(path, "equivalent")
    for entry in entries:
        if set(entry) != set(KEYS) or not all(isinstance(value, str) for value in entry.values()):
            raise CourseError(f"{path}: an entry has {', '.join(KEYS)}, all strings: {entry}.")
        if not entry["old"].strip() or not entry["reason"].strip():
            raise CourseError(f"{path}: 'old' and 'reason' must not be empty: {entry}.")
    return tuple(Equivalent(**entry) for entry in entries)


def faults(entries: Sequence[Equivalent], mutants: Sequence[Mutant]) -> list[str]:
    """Return what is wrong with entries: one is stale, or fits more than one mutant."""
    found = []
    for entry in entries:
        number = sum(entry.fits(mutant) for mutant in mutants)
        what = f"the entry for '{entry.old.strip()}' in {entry.file}"
        if number == 0:
            found.append(f"{what} is stale: no mutant makes '{entry.new.strip()}' of it. Delete the entry.")
        elif number > 1:
            found.append(f"{what} fits {number} mutants. Quote a neighbouring line in 'old' and 'new' too.")
    return found


def _lines(text: str) -> list[str]:
    return [line for line in (line.strip() for line in text.splitlines()) if line]
