"""What all commands share: the application, options that several have, the lesson by default, how a path is told."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from course.catalog.lessons import Lesson, find, lesson_of
from course.console import err
from course.student.progress import Progress, current_lesson

INTERRUPTED = 130  # as shells have it: 128, and the number of SIGINT


class Commands(TyperGroup):
    """The commands; one that is interrupted has no result, so its exit code is none that tells of checks."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            err.print("\nInterrupted.")
            raise typer.Exit(INTERRUPTED) from None


app = typer.Typer(
    cls=Commands,
    name="course",
    help="Channels on the Wire: learn Django Channels, checked over real WebSockets.",
    epilog="Lessons go by number, slug or the beginning of one: 02, 02_sync_echo, sync. "
    "In a lesson's folder, leave it out.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def folder_named(text: str) -> Path:
    """Return the folder that an argument names; an empty one, as from a variable that is not set, names none."""
    if not text.strip():
        raise typer.BadParameter("it is empty. Name a folder; '.' is the one you are in.")
    return Path(text)


Plain = Annotated[bool, typer.Option("--plain", help="Plain lines: no colour, no symbols without a word.")]
LessonName = Annotated[
    str, typer.Argument(metavar="LESSON", help="Number, slug or beginning of one.", show_default=False)
]


def lesson_named(name: str) -> Lesson:
    """Return the lesson of this name; without a name that of the folder we are in, else the one to work on."""
    return find(name) if name else lesson_of(Path.cwd()) or current_lesson(Progress())


def short_path(path: Path) -> str:
    """Return a path as one types it: relative where it lies below the current folder."""
    relative = os.path.relpath(path, Path.cwd())
    return str(path) if relative.startswith("..") else relative


def say(line: str) -> None:
    """Tell on stderr what is being got or done meanwhile; stdout is for results."""
    err.print(line, markup=False, soft_wrap=True)
