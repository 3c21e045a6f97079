"""The catalogue of mistakes: real slips of learners, each an edit of the solution."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.catalog.checklist import checklist
from course.catalog.lessons import Lesson, entries_of
from course.catalog.solution_parts import own_spans
from course.errors import CourseError
from course.results import Group

REQUIRED = ("name", "symptom", "cause", "fix", "caught_by")
EDIT = ("file", "old", "new")
OPTIONAL = {"edits": list, "number": int, "sign": str, "source": str, "race": bool}


@dataclass(frozen=True)
class Edit:
    """One replacement in one file, where `old` must stand exactly once."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Mistake:
    """One mistake: what it looks like, why, what mends it, and which check catches it."""

    name: str
    symptom: str
    cause: str
    fix: str
    caught_by: str
    edits: tuple[Edit, ...]
    group: Group = "guided"  # the part of the solution that it is made in: a guided one without the own part beside it
    number: int | None = None  # in the project's list of 42 real mistakes
    sign: str = ""  # regular expression for what a failure with this cause, and no other, shows
    source: str = ""  # regular expression for what stands in a project with this mistake: that confirms it
    race: bool = False  # what such a program does depends on the moment: only `caught_by` is sure to notice

    def apply(self, project: Path) -> None:
        """Make the mistake in `project`.

        Raises CourseError where an edit's `old` text does not stand exactly once in its file, or in its own part.
        """
        for edit in self.edits:
            path = project / edit.file
            text = path.read_text(encoding="utf-8") if path.is_file() else ""
            places = _places(text, edit.old)
            if len(places) != 1:
                raise CourseError(
                    f"Mistake '{self.name}': its old text stands {len(places)} times in {edit.file}.",
                    f"Make 'old' a text that stands in the {self.group} part of the solution exactly once.",
                )
            begin, end = places[0], places[0] + len(edit.old)
            path.write_text(f"{text[:begin]}{edit.new}{text[end:]}", encoding="utf-8")


def mistakes(lesson: Lesson) -> tuple[Mistake, ...]:
    """Return the lesson's mistakes in the order of its file; each belongs to the part of the check that catches it.

    Raises CourseError for an entry that is incomplete or named twice.
    """
    path = lesson.checks / "mistakes.toml"
    own = {check.name for check in checklist(lesson) if check.group == "own"}
    found = tuple(_mistake(entry, path, own) for entry in entries_of(path, "mistake"))
    names = [mistake.name for mistake in found]
    for name in names:
        if names.count(name) > 1:
            raise CourseError(f"{path}: two mistakes are called '{name}'.")
    return found


def find_mistake(lesson: Lesson, name: str) -> Mistake:
    """Return the lesson's mistake of this name, or raise CourseError with the names there are."""
    known = {mistake.name: mistake for mistake in mistakes(lesson)}
    if name not in known:
        raise CourseError(f"Lesson {lesson.slug} has no mistake '{name}'.", f"It has: {', '.join(known)}.")
    return known[name]


def _places(text: str, old: str) -> list[int]:
    """Return where a text stands in a solution's own part; where it does not, in the rest."""
    found = [match.start() for match in re.finditer(re.escape(old), text)] if old else []
    own = own_spans(text)
    return [place for place in found if any(place in span for span in own)] or found


def _mistake(entry: dict[str, Any], path: Path, own: set[str]) -> Mistake:
    for key in REQUIRED:
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise CourseError(f"{path}: mistake '{entry.get('name', '?')}' has no '{key}'.")
    for key in sorted(entry.keys() - {*REQUIRED, *EDIT}):
        if key not in OPTIONAL:
            raise CourseError(f"{path}: mistake '{entry['name']}': '{key}' is no key of an entry.")
        if type(entry[key]) is not OPTIONAL[key]:
            told = f"'{key}' is {entry[key]!r}, and not of type {OPTIONAL[key].__name__}"
            raise CourseError(f"{path}: mistake '{entry['name']}': {told}.")
    edits = entry.get("edits") or [{key: entry.get(key) for key in EDIT}]
    for edit in edits:
        if not isinstance(edit, dict) or set(edit) != set(EDIT) or not all(isinstance(v, str) for v in edit.values()):
            raise CourseError(f"{path}: mistake '{entry['name']}': an edit has 'file', 'old' and 'new'.")
    for key in ("sign", "source"):
        try:
            re.compile(entry.get(key, ""))
        except re.error as error:
            told = f"'{key}' is no regular expression: {error}"
            raise CourseError(f"{path}: mistake '{entry['name']}': {told}.") from None
    facts = {key: value for key, value in entry.items() if key not in ("edits", *EDIT)}
    facts |= {key: entry[key].strip() for key in ("symptom", "cause", "fix")}
    group: Group = "own" if entry["caught_by"] in own else "guided"
    return Mistake(group=group, edits=tuple(Edit(**edit) for edit in edits), **facts)
