"""The command that takes a student's files on into a later lesson."""

from __future__ import annotations

from typing import Annotated

import typer

from course.cli.app import app, lesson_named, short_path
from course.cli.solution_view import show_text
from course.console import out
from course.errors import CourseError
from course.student import carrying


@app.command()
def carry(
    earlier: Annotated[str, typer.Argument(metavar="FROM", help="The lesson that you wrote.")],
    later: Annotated[str, typer.Argument(metavar="TO", help="The lesson to take your files to.")],
) -> None:
    """Take what you wrote in one lesson on into a later one.

    Your file takes the place of the course's where the later lesson begins with what the earlier one ends with, and you
    have not touched it there. Nothing else is written, and a copy of the later lesson's folder is kept.
    """
    source, target = lesson_named(earlier), lesson_named(later)
    if source.number >= target.number:
        raise CourseError(f"{target.number} is not after {source.number}.", "Name the earlier lesson first.")
    files = carrying.plan(source, target)
    copy = carrying.carry(source, target, files)
    for file in files:
        if file.difference:
            show_text(f"{file.path}   - lesson {target.number}'s   + yours", file.difference, lexer="diff")
    out.print()
    for file in files:
        out.print(f"{'carried' if file.carried else 'stays  '}  {file.path}", markup=False, soft_wrap=True, end="")
        out.print("" if file.carried else f": {file.why}", markup=False, soft_wrap=True)
    if copy is None:
        out.print(f"Nothing of lesson {source.number} can take its place in lesson {target.number}.")
        return
    out.print(f"\nlessons/{target.slug} as it was is in {short_path(copy)}.", markup=False, soft_wrap=True)
    out.print(f"Then: python3 course check {target.number}")
