"""What a lesson's page promises, sentence by sentence, and the checks that try it: checks/NN_slug/promises.toml."""

from __future__ import annotations

from dataclasses import dataclass

from course.catalog.lessons import Lesson, read_toml
from course.errors import CourseError


@dataclass(frozen=True)
class Promise:
    """One sentence close to the page's own, and the names of the checks that try it."""

    text: str
    checks: tuple[str, ...]


def promises(lesson: Lesson) -> tuple[Promise, ...]:
    """Return the lesson's promises in the order of its file.

    Raises CourseError for a file that is missing or is no TOML, and for an entry that is incomplete.
    """
    path = lesson.checks / "promises.toml"
    found = []
    for entry in read_toml(path, "List there what the lesson's page promises.").get("promise", []):
        text, checks = entry.get("text"), entry.get("checks")
        if set(entry) != {"text", "checks"} or not isinstance(text, str) or not checks or not isinstance(checks, list):
            raise CourseError(f"{path}: a promise has 'text' and 'checks', and nothing else: {entry}.")
        found.append(Promise(text.strip(), tuple(checks)))
    return tuple(found)
