"""The commands of a student: the map, check, watch, hint, solution, reset, run, doctor."""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from course.catalog.lessons import Lesson, find_slug
from course.cli import check_runs
from course.cli.app import LessonName, Plain, app, folder_named, lesson_named, say, short_path
from course.cli.solution_view import show_solution
from course.console import out
from course.errors import CourseError
from course.results import OUR_FAULT, Isolation
from course.student import last_report, reset_and_copies
from course.student.progress import Progress, current_lesson, lesson_map
from course.testbed.tools.lesson_needs import provide


@app.callback(invoke_without_command=True)
def course(context: typer.Context) -> None:
    """Show the map of lessons, their state, and the next step."""
    if context.invoked_subcommand is None:
        show_map(current_lesson(Progress()))
        out.print("Then: python3 course watch     The lesson's page: python3 course docs\n")


def show_map(current: Lesson) -> None:
    """Print the lessons, their state, and which files to open."""
    progress = Progress()
    out.print("\nChannels on the Wire\n", style="bold")
    for known, line in lesson_map(progress):
        arrow = "→" if known == current else " "
        out.print(f" {arrow} {line}", style="bold" if known == current else "", markup=False)
    out.print(f"\nOpen lessons/{current.slug} and edit {', '.join(current.edit)}.", markup=False)


@app.command()
def check(
    lesson: LessonName = "",
    project: Annotated[
        Path | None,
        typer.Option(metavar="DIR", parser=folder_named, help="Check this Django project, whatever its layout."),
    ] = None,
    solution: Annotated[bool, typer.Option("--solution", help="Check the course's solution.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Run slow checks too; without a lesson, check all of them.")
    ] = False,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the report as JSON; - is standard output.")
    ] = None,
    junit_file: Annotated[
        Path | None, typer.Option("--junit", metavar="FILE", help="Write it as JUnit XML; - is standard output.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="CHECK", help="Run this check, by number or name; may be given several times."),
    ] = None,
    mistake: Annotated[
        str, typer.Option(metavar="NAME", help="Author: check the solution with this mistake in it.")
    ] = "",
    seed: Annotated[int | None, typer.Option(help="Repeat the run whose report shows this number.")] = None,
    isolation: Annotated[
        Isolation | None,
        typer.Option(help="Of a project: run it in a cage, or as a program of yours. A cage where there can be one."),
    ] = None,
    open_wire: Annotated[
        bool, typer.Option("--open", help="Play what went over the wire in the browser, for the checks that fail.")
    ] = False,
    plain: Plain = False,
) -> None:
    """Run a lesson's checks and explain the first one that fails.

    Exit codes: 0 passed (without the star too), 1 a check failed or was skipped, 2 misuse, 3 a fault of the course
    itself.
    """
    check_runs.keep_stdout_for(json_file, junit_file)
    if everything and not lesson:
        if open_wire:
            raise CourseError("--open plays one lesson.", "Name it: python3 course check 02 --all --open")
        reports = check_runs.check_all(project, solution)
    else:
        options: dict[str, Any] = {"project": project, "solved": solution, "include_slow": everything, "seed": seed}
        options["isolation"] = isolation if project else "none"
        known = lesson_named(lesson)
        reports = [check_runs.check(known, plain=plain, mistake=mistake, only=only or (), **options)]
        if open_wire:
            check_runs.show_wire(known, reports[0])
    check_runs.write_reports(reports, json_file, junit_file)
    raise typer.Exit(max(report.exit_code for report in reports))


@app.command()
def watch(
    lesson: LessonName = "",
    plain: Plain = False,
    editor: Annotated[
        str, typer.Option(metavar="COMMAND", help="What the key e opens the failing line in; $VISUAL or $EDITOR else.")
    ] = "",
) -> None:
    """Check a lesson again each time you save one of its files."""
    known = lesson_named(lesson)
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if terminal and not plain:
        from course.watch.watch_loop import Watch

        provide([known], say)
        Watch(known, out, editor, is_chosen=bool(lesson)).run()
        return
    if not plain:
        show_map(known)
    if not terminal:
        check_runs.check(known, plain=True)
        out.print("This is not a terminal, so the lesson was checked once.")
        return
    from course.watch.watch_loop import watch_plainly

    watch_plainly(known, functools.partial(check_runs.check, plain=True), out.print)


@app.command()
def hint(lesson: LessonName = "") -> None:
    """Show the next hint for the first check that fails.

    Nothing is checked anew while the lesson's files are those that were checked last.
    """
    from course.judging.session import run_checks
    from course.reports.terminal import indented

    known = lesson_named(lesson)
    report = last_report.recall(known)
    if report is None:
        provide([known], say)
        digest = last_report.digest_of(known)
        with out.status(f"Checking {known.slug} …"):
            report = run_checks(known)
        last_report.keep(known, report, digest)
    failing = report.first_failure
    if report.exit_code == OUR_FAULT:
        check_runs.show_closing(report)
        raise typer.Exit(OUR_FAULT)
    if failing is None:
        out.print("No check fails. There is nothing to hint at.")
        return
    progress = Progress()
    told = progress.tell_hint(known.slug, failing.name, len(failing.hints))
    if progress.trouble:
        say(progress.trouble)
    out.print(f"\n{failing.title}", style="bold", markup=False)
    for number, text in enumerate(failing.hints[:told], 1):
        out.print(indented(Text(f"Hint {number} of {len(failing.hints)}: {text}")))
    if told == len(failing.hints):
        out.print("That was the last hint. The lesson's page says more: python3 course docs", style="dim")


@app.command()
def reset(lesson: LessonName = "") -> None:
    """Put a lesson's starter back; a copy of your files is kept."""
    slug = find_slug(lesson) if lesson else lesson_named("").slug  # a lesson.toml that can't be read is put back too
    copy = reset_and_copies.reset(slug)
    out.print(f"lessons/{slug} is as it was. Your files are in {short_path(copy)}.", markup=False, soft_wrap=True)


@app.command()
def solution(
    lesson: LessonName = "",
    anyway: Annotated[bool, typer.Option("--anyway", help="Show it before you have passed.")] = False,
    whole: Annotated[bool, typer.Option("--whole", help="Show whole files instead of what differs.")] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Put it over your files; a copy of them is kept.")] = False,
) -> None:
    """Show how a lesson's solution differs from your files, and what is worth noticing.

    After the pass it is the guided part, after the star the own part too; `--anyway` is one step ahead.
    """
    known = lesson_named(lesson)
    standing = Progress().of(known.slug)
    if not (anyway or standing.passed_on or _agreed(known)):
        raise CourseError(
            f"You have not passed lesson {known.number} yet.",
            f"A hint may be enough: python3 course hint {known.number}\n"
            f"To see the solution anyway: python3 course solution {known.number} --anyway",
        )
    own = bool(standing.mastered_on or (anyway and standing.passed_on))
    if apply:
        copy = reset_and_copies.apply_solution(known, own=own)
        out.print(
            f"The solution is in lessons/{known.slug}. Your files are in {short_path(copy)}.",
            markup=False,
            soft_wrap=True,
        )
        return
    show_solution(known, own=own, whole=whole)


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
    from rich.table import Table

    from course.student.doctor import examine

    healthy = True
    for finding in examine():
        line = Table.grid(padding=(0, 1))
        for width in (1, 15, None):
            line.add_column(width=width, overflow="fold")
        mark = Text("✓", style="green") if finding.fine else Text("✗", style="bold red")
        line.add_row(mark, Text(finding.name, style="bold"), finding.told)
        if not finding.fine:
            healthy = healthy and finding.optional
            line.add_row("", "", finding.remedy)
        out.print(line)
    raise typer.Exit(0 if healthy else 1)


def _agreed(known: Lesson) -> bool:
    """Ask at a terminal; a script that does not say --anyway has not agreed."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return typer.confirm(f"You have not passed lesson {known.number} yet. Show the solution anyway?")
