"""What is worth noticing in a lesson's solution, told beside it: checks/NN_slug/notices.toml, which may be missing."""

from __future__ import annotations

from dataclasses import dataclass

from course.catalog.lessons import Lesson, entries_of
from course.errors import CourseError


@dataclass(frozen=True)
class Notice:
    """One or two sentences about the guided part of a solution, or about its own part."""

    text: str
    group: str


def notices(lesson: Lesson) -> tuple[Notice, ...]:
    """Return the lesson's notices in the order of its file; raise CourseError for an entry that is incomplete."""
    path = lesson.checks / "notices.toml"
    found = []
    for entry in entries_of(path, "notice"):
        text, group = entry.get("text"), entry.get("group")
        if set(entry) != {"text", "group"} or not isinstance(text, str) or group not in ("guided", "own"):
            raise CourseError(f"{path}: a notice has a 'text', and as its 'group' guided or own: {entry}.")
        found.append(Notice(text.strip(), group))
    return tuple(found)
