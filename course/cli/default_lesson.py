"""The lesson that a command is about by default: that of the folder we are in, else the next to do; or a named one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from course.catalog.lessons import Lesson, find, lesson_of
from course.student.lesson_map import next_lesson
from course.student.progress import Progress

LessonName = Annotated[
    str, typer.Argument(metavar="LESSON", help="Number, slug or beginning of one.", show_default=False)
]


def lesson_named(name: str) -> Lesson:
    """Return the lesson of this name; without a name that of the folder we are in, else the next to do."""
    return find(name) if name else lesson_of(Path.cwd()) or next_lesson(Progress())
