"""The commands of a student: the map, check, watch, hint, solution, reset, run, doctor."""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from course.catalog.lessons import Lesson
from course.cli import check_runs
from course.cli.app import LessonName, Plain, app, lesson_named, say, short_path
from course.console import out
from course.errors import CourseError
from course.results import OUR_FAULT, Isolation
from course.student import reset_and_copies
from course.student.progress import Progress, lesson_map, next_lesson
from course.testbed.tools.lesson_needs import provide


@app.callback(invoke_without_command=True)
def course(context: typer.Context) -> None:
    """Show the map of lessons, their state, and the next step."""
    if context.invoked_subcommand is None:
        show_map()


def show_map() -> None:
    """Print the lessons, their state, and the next step."""
    progress = Progress()
    following = next_lesson(progress)
    out.print("\nChannels on the Wire\n", style="bold")
    for known, line in lesson_map(progress):
        arrow = "→" if known == following else " "
        out.print(f" {arrow} {line}", style="bold" if known == following else "", markup=False)
    out.print(f"\nOpen lessons/{following.slug} and edit {', '.join(following.edit)}.", markup=False)
    out.print("Then: python3 course watch     The lesson's page: python3 course docs\n")


@app.command()
def check(
    lesson: LessonName = "",
    project: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Check this Django project, whatever its layout.")
    ] = None,
    solution: Annotated[bool, typer.Option("--solution", help="Check the course's solution.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Run slow checks too; without a lesson, check all of them.")
    ] = False,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the report as JSON.")] = None,
    junit_file: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Write it as JUnit XML.")] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="CHECK", help="Run this check; may be given several times.")
    ] = None,
    mistake: Annotated[
        str, typer.Option(metavar="NAME", help="Author: check the solution with this mistake in it.")
    ] = "",
    seed: Annotated[int | None, typer.Option(help="Repeat the run whose report shows this number.")] = None,
    isolation: Annotated[
        Isolation | None,
        typer.Option(help="Of a project: run it in a cage, or as a program of yours. A cage where there can be one."),
    ] = None,
    plain: Plain = False,
) -> None:
    """Run a lesson's checks and explain the first one that fails.

    Exit codes: 0 all pass, 1 a check failed or was skipped, 2 misuse, 3 a fault of the course itself.
    """
    if everything and not lesson:
        reports = check_runs.check_all(project, solution)
    else:
        options: dict[str, Any] = {"project": project, "solved": solution, "include_slow": everything, "seed": seed}
        options["isolation"] = isolation if project else "none"
        known = lesson_named(lesson)
        reports = [check_runs.check(known, plain=plain, mistake=mistake, only=only or (), **options)]
    check_runs.write_reports(reports, json_file, junit_file)
    raise typer.Exit(max(report.exit_code for report in reports))


@app.command()
def watch(plain: Plain = False) -> None:
    """Check a lesson again each time you save one of its files."""
    lesson = next_lesson(Progress())
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if terminal and not plain:
        from course.watch.watch_loop import Watch

        provide([lesson], say)
        Watch(lesson, out).run()
        return
    if not plain:
        show_map()
    if not terminal:
        check_runs.check(lesson, plain=True)
        out.print("This is not a terminal, so the lesson was checked once.")
        return
    from course.watch.watch_loop import watch_plainly

    watch_plainly(lesson, functools.partial(check_runs.check, plain=True), out.print)


@app.command()
def hint(lesson: LessonName = "") -> None:
    """Show the next hint for the first check that fails."""
    from course.judging.session import run_checks

    known = lesson_named(lesson)
    provide([known], say)
    with out.status(f"Checking {known.slug} …"):
        report = run_checks(known)
    failing = report.first_failure
    if report.exit_code == OUR_FAULT:
        check_runs.show_closing(report)
        raise typer.Exit(OUR_FAULT)
    if failing is None:
        out.print("No check fails. There is nothing to hint at.")
        return
    told = Progress().tell_hint(known.slug, failing.name, len(failing.hints))
    out.print(f"\n{failing.title}", style="bold", markup=False)
    for number, text in enumerate(failing.hints[:told], 1):
        out.print(f"  Hint {number} of {len(failing.hints)}: {text}", markup=False)
    if told == len(failing.hints):
        out.print("That was the last hint. The lesson's page says more: python3 course docs", style="dim")


@app.command()
def reset(lesson: LessonName = "") -> None:
    """Put a lesson's starter back; a copy of your files is kept."""
    known = lesson_named(lesson)
    copy = reset_and_copies.reset(known)
    out.print(f"lessons/{known.slug} is as it was. Your files are in {short_path(copy)}.", markup=False)


@app.command()
def solution(
    lesson: LessonName = "",
    anyway: Annotated[bool, typer.Option("--anyway", help="Show it before you have passed.")] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Put it over your files; a copy of them is kept.")] = False,
) -> None:
    """Show a lesson's solution, so that you can compare it with yours."""
    known = lesson_named(lesson)
    if not (anyway or Progress().of(known.slug).passed_on or _agreed(known)):
        raise CourseError(
            f"You have not passed lesson {known.number} yet.",
            f"A hint may be enough: python3 course hint {known.number}\n"
            f"To see the solution anyway: python3 course solution {known.number} --anyway",
        )
    if apply:
        copy = reset_and_copies.apply_solution(known)
        out.print(f"The solution is in lessons/{known.slug}. Your files are in {short_path(copy)}.", markup=False)
        return
    for path in known.edit:
        _show_file(known, path)


@app.command()
def run(
    lesson: LessonName = "",
    solved: Annotated[
        bool, typer.Option("--solution", help="Run the course's solution instead of your files.")
    ] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to serve on.")] = 8000,
) -> None:
    """Run a lesson's project with everything it needs, and reload it as you save."""
    from course.student.dev_server import serve

    echo = functools.partial(out.print, markup=False, soft_wrap=True)
    raise typer.Exit(serve(lesson_named(lesson), solved=solved, port=port, echo=echo))


@app.command()
def doctor() -> None:
    """Find out what is missing on this machine, and how to install it."""
    from course.student.doctor import examine

    healthy = True
    for finding in examine():
        mark = Text("✓ ", style="green") if finding.fine else Text("✗ ", style="bold red")
        out.print(Text.assemble(mark, (f"{finding.name:16}", "bold"), finding.told))
        if not finding.fine:
            healthy = healthy and finding.optional
            out.print(Text(f"  {'':16}{finding.remedy}"))
    raise typer.Exit(0 if healthy else 1)


def _agreed(known: Lesson) -> bool:
    """Ask at a terminal; a script that does not say --anyway has not agreed."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return typer.confirm(f"You have not passed lesson {known.number} yet. Show the solution anyway?")


def _show_file(known: Lesson, path: str) -> None:
    from rich.syntax import Syntax

    text = reset_and_copies.without_markers((known.solution / path).read_text(encoding="utf-8"))
    out.print(f"\n{path}\n", style="bold", markup=False)
    if out.is_terminal:
        out.print(Syntax(text, Syntax.guess_lexer(path, text), theme="ansi_dark", background_color="default"))
    else:
        print(text)  # as it is, so that it can be piped into a file
