"""Where the student stands in the course, and what comes next."""

from __future__ import annotations

from course.catalog.lessons import Lesson, lessons
from course.console import out
from course.student.progress import Progress


def show_map() -> None:
    """Show the lessons, their state, and the next step."""
    progress = Progress()
    following = next_lesson(progress)
    out.print("\nChannels on the Wire\n", style="bold")
    for known in lessons():
        state = state_of(progress, known)
        arrow = "→" if known == following else " "
        mark = {"passed": "✓", "broken": "✗"}.get(state, " ")
        line = f" {arrow} {mark} {known.number}  {known.title:44} {known.minutes:3} min  {state}"
        out.print(line.rstrip(), style="bold" if known == following else "", markup=False)
    files = ", ".join(following.edit)
    out.print(f"\nOpen lessons/{following.slug} and edit {files}.", markup=False)
    out.print("Then: python3 course watch     The lesson's page: python3 course docs\n")


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
