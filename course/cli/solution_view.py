"""Shows a lesson's solution beside the student's files: what differs, and what is worth noticing in it."""

from __future__ import annotations

from course.catalog.checklist import checklist
from course.catalog.lessons import Lesson
from course.catalog.notices import notices
from course.console import out
from course.student.reset_and_copies import differences, solution_files


def show_solution(known: Lesson, *, own: bool, whole: bool) -> None:
    """Print how the solution differs from the student's files, or its whole files; with `own`, its own part too."""
    if whole:
        for path, text in solution_files(known, own=own).items():
            show_text(path, text)
    else:
        for path, text in differences(known, own=own).items():
            _show_difference(known, path, text)
    if own or not whole:
        _tell_notices(known, own=own)
    if not own and any(check.group == "own" for check in checklist(known)):
        command = f"python3 course solution {known.number} --anyway"
        out.print(f"\nThe own part is shown after the star, or after the pass with: {command}", markup=False)


def _show_difference(known: Lesson, path: str, difference: str) -> None:
    if difference:
        show_text(f"{path}   - yours   + the solution", difference, lexer="diff")
    else:
        out.print(f"\n{path}   Yours is the same as the solution.", style="bold", markup=False)


def show_text(title: str, text: str, lexer: str = "") -> None:
    """Print a file, or a difference, under a title; in colour where this is a terminal."""
    from rich.syntax import Syntax

    out.print(f"\n{title}\n", style="bold", markup=False)
    if out.is_terminal:
        lexer = lexer or Syntax.guess_lexer(title, text)
        out.print(Syntax(text, lexer, theme="ansi_dark", background_color="default", word_wrap=True))
    else:
        print(text)  # as it is, so that it can be piped into a file


def _tell_notices(known: Lesson, *, own: bool) -> None:
    told = [notice.text for notice in notices(known) if own or notice.group == "guided"]
    if told:
        out.print("\nWorth noticing\n", style="bold")
    for text in told:
        out.print(f"  - {text}", markup=False)
