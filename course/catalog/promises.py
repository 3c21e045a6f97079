"""What a lesson's page promises, sentence by sentence, and the checks that try it: checks/NN_slug/promises.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from course.catalog.lessons import Lesson
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
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(f"{path} is missing.", "List there what the lesson's page promises.") from None
    except ValueError as error:
        raise CourseError(f"{path} is not valid TOML: {error}.") from None
    found = []
    for entry in data.get("promise", []):
        text, checks = entry.get("text"), entry.get("checks")
        if set(entry) != {"text", "checks"} or not isinstance(text, str) or not checks or not isinstance(checks, list):
            raise CourseError(f"{path}: a promise has 'text' and 'checks', and nothing else: {entry}.")
        found.append(Promise(text.strip(), tuple(checks)))
    return tuple(found)
