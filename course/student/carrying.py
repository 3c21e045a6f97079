"""Carries what a student wrote in one lesson on into the starter of a later one, file by file.

A later starter holds the course's own version of what came before. Where that is exactly what the earlier lesson ends
with, the student's version can take its place. Where it holds more, or the student has begun on it, it stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from course.catalog import starters
from course.catalog.lessons import Lesson
from course.project.scratch_copy import files_of
from course.student.reset_and_copies import Work, lay_files, solution_files, unified_diff

NOT_CODE = {".sqlite3", ".pyc", ".log"}

Why = Literal["carried", "the later lesson ships more in it", "you have changed it there"]


@dataclass(frozen=True)
class CarriedFile:
    """One file that the student wrote: its path in both projects, what became of it, and how the two versions differ.

    `difference` is a unified diff from the later lesson's version to the student's, empty for a file that is new there.
    """

    path: str
    why: Why
    data: bytes
    difference: str

    @property
    def carried(self) -> bool:
        """Tell whether the student's version takes the place of the later lesson's."""
        return self.why == "carried"


def plan(earlier: Lesson, later: Lesson) -> list[CarriedFile]:
    """Return what of the student's files in `earlier` can stand in `later`, and what can't; nothing is written.

    Left out are files that the student has not changed, and those that `later` holds already as the student wrote them.
    Raises CourseError where git can't tell what the course ships.
    """
    began = starters.contents(earlier.root, earlier.slug)
    ended = began | {path: text.encode() for path, text in solution_files(earlier, own=False).items()}
    ships = starters.contents(later.root, later.slug)
    found = []
    for path, data in _written(earlier, began).items():
        there = later.starter / path
        now = there.read_bytes() if there.is_file() else None
        if now == data:
            continue
        if path in ships and ships[path] != ended.get(path):
            why: Why = "the later lesson ships more in it"
        else:
            why = "carried" if now == ships.get(path) else "you have changed it there"
        names = (f"lessons/{later.slug}/{path}", f"lessons/{earlier.slug}/{path}")
        found.append(CarriedFile(path, why, data, unified_diff(now, data, *names) if now is not None else ""))
    return found


def carry(earlier: Lesson, later: Lesson, files: list[CarriedFile]) -> Path | None:
    """Lay the files that can be carried into `later`; return where its folder was copied before, None if none can be.

    Raises CourseError where something stops it in the middle: that says where the copy is.
    """
    written = {file.path: file.data for file in files if file.carried}
    command = f"course carry {earlier.number} {later.number}"
    return lay_files(Work.of(later), written, command) if written else None


def _written(lesson: Lesson, began: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the student's own files of a lesson: changed, or new."""
    found = {}
    for file in files_of(lesson.starter):
        path = file.relative_to(lesson.starter).as_posix()
        if path != "lesson.toml" and file.suffix not in NOT_CODE and began.get(path) != (data := file.read_bytes()):
            found[path] = data
    return dict(sorted(found.items()))
