"""The map of the course: where the student stands in it, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator

from course.catalog.lessons import Lesson, lessons
from course.student.progress import Progress

MARKS = {"passed": "✓", "broken": "✗"}


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


def next_lesson(progress: Progress) -> Lesson:
    """Return the first lesson that is not passed, or the last."""
    known = lessons()
    return next((lesson for lesson in known if state_of(progress, lesson) != "passed"), known[-1])
