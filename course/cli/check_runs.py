"""Checks lessons and tells on the terminal what comes out."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from course.catalog.lessons import Lesson, lessons
from course.cli.app import say
from course.console import out
from course.errors import CourseError
from course.judging.durations import longest_first, note_durations
from course.results import CheckResult, Report
from course.student import last_report
from course.student.editor import place_to_edit
from course.student.progress import Progress, next_lesson
from course.testbed.tools.lesson_needs import provide

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

T = TypeVar("T")
STDOUT = Path("-")
SIDE_BY_SIDE = 1 + 2 * (os.cpu_count() or 1)  # many checks wait: for an idle socket, for a page that tries again


def check(known: Lesson, *, plain: bool, mistake: str = "", only: Collection[str] = (), **options: Any) -> Report:
    """Run checks, printing each as it ends, then the story; write the student's progress down."""
    from course.catalog.checklist import find_check
    from course.catalog.mistakes import find_mistake
    from course.judging.isolation import move_in
    from course.judging.session import name_of, run_checks
    from course.reports import plain as words
    from course.reports import terminal

    only = [find_check(known, name).name for name in only]
    provide([known], say, options.get("project"), trusted=options.get("isolation", "none") == "none")
    plain = plain or not out.is_terminal

    def tell(result: CheckResult) -> None:
        line = words.plain_line if plain else terminal.check_line
        out.print(line(result), markup=False, soft_wrap=plain)

    made = find_mistake(known, mistake) if mistake else None
    project: Path | None = options.get("project")
    solved: bool = options.get("solved", False)
    out.print(terminal.heading(known.slug, known.title, name_of(known, project, solved, made)), soft_wrap=plain)
    is_own = not (project or solved or made)
    digest = last_report.digest_of(known) if is_own else ""
    options["isolation"], why = move_in(options.get("isolation", "none"))
    if why:
        say(f"The project runs as a program of yours, with all that you may do: {why}")
    report = run_checks(known, mistake=made, only=only, on_result=tell, **options)
    show_closing(report, plain=plain)
    if plain and not (report.passed or solved or made):
        tell_place(known, report, project)
    if is_own and not only:
        Progress().work_on(known.slug)
        record(known, report)
        tell_next(known, report)
    if is_own and (report.first_failure or not only):  # a pass of some checks says nothing of the others
        last_report.keep(known, report, digest)
    return report


def check_all(project: Path | None, solved: bool) -> list[Report]:
    """Check all lessons side by side, under one progress bar; tell a line for each, in their order.

    Raises RuntimeError when a run brings no report.
    """
    from course.judging.runner_pool import Job, run_warm
    from course.reports import terminal

    provide(lessons(), say, project)
    order = longest_first()
    jobs = [Job(known, project, solved, include_slow=True) for known in order]
    found: dict[Lesson, Report] = {}
    for number, outcome in _under_a_bar("Checking all lessons", len(jobs), run_warm(jobs, SIDE_BY_SIDE)):
        known = order[number]
        if outcome.report is None:
            raise RuntimeError(f"{known.slug}: {outcome.fault}")
        found[known] = outcome.report
    reports = [found[known] for known in lessons()]
    note_durations(reports)
    for known, report in zip(lessons(), reports, strict=True):
        out.print(terminal.one_line(report), soft_wrap=True)
        if not (project or solved):
            record(known, report)
    out.print(f"\n{sum(report.passed for report in reports)} of {len(reports)} lessons pass.")
    return reports


def progress_bar() -> Bar:
    """Return a bar that tells words, how many of how many are done, and the time; none where nobody watches."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Bar(*columns, console=out, transient=True, disable=not out.is_terminal)


def _under_a_bar(words: str, total: int, outcomes: Iterable[T]) -> Iterator[T]:
    """Hand the outcomes on; meanwhile a bar shows how many there are."""
    with progress_bar() as bar:
        task = bar.add_task(words, total=total)
        for outcome in outcomes:
            bar.advance(task)
            yield outcome


def show_closing(report: Report, *, plain: bool = False) -> None:
    """Tell the story of the first failure, and the count."""
    from course.reports import plain as words
    from course.reports import terminal

    plain = plain or not out.is_terminal
    out.print(words.plain_closing(report, out.width) if plain else terminal.closing(report), markup=False)


def show_wire(known: Lesson, report: Report) -> None:
    """Play a report's wire in the browser; say where it is, and that it could not be opened where that is so."""
    from course.docs import wire_view

    address, is_shown = wire_view.open_wire(known, report)
    out.print(f"{wire_view.SHOWN if is_shown else wire_view.NO_BROWSER} {address}", markup=False, soft_wrap=True)


def tell_place(known: Lesson, report: Report, project: Path | None) -> None:
    """Tell in one line where to go on, in the form that editors make a link of; .vscode/tasks.json reads it."""
    path, line = place_to_edit(known, report, project)
    file = path.relative_to(known.root).as_posix() if path.is_relative_to(known.root) else path
    out.print(f"{file}:{line}: error: {report.trouble}", markup=False, soft_wrap=True)


def record(known: Lesson, report: Report) -> None:
    """Write the outcome down, if it says something about the student's work."""
    if report.judges_the_work:
        progress = Progress()
        progress.record(known.slug, report.passed, report.own_outcome, report.trouble)
        if progress.trouble:
            say(progress.trouble)


def tell_next(known: Lesson, report: Report) -> None:
    """Tell what to do after this report."""
    if report.passed and report.of("own") and not report.mastered:
        out.print(
            f"\nLesson {known.number} is passed. The checks marked ☆ are on your own: the page says what they ask for."
        )
        out.print(f"For a hint: python3 course hint {known.number}     Or go on without the star.")
    if report.passed:
        following = next_lesson(Progress(), known)
        if following:
            out.print(f"\nNext: {following.number} · {following.title}. Open lessons/{following.slug}.", markup=False)
    elif not report.course_error:
        out.print(f"\nFor a hint: python3 course hint {known.number}", markup=False)
        if failing := report.first_failure:
            command = f"python3 course check {known.number} --only {failing.number}"
            out.print(f"To run this check alone: {command}", markup=False)


def keep_stdout_for(*files: Path | None) -> None:
    """Where a report is to go to standard output, tell everything else on standard error."""
    wanting = [file for file in files if file == STDOUT]
    if len(wanting) > 1:
        raise CourseError("Two reports can't both go to standard output.", "Write one of them to a file.")
    if wanting:
        out.file = sys.stderr


def write_reports(reports: list[Report], json_file: Path | None, junit_file: Path | None) -> None:
    """Write the reports to the files that were named; raise CourseError where that can't be done."""
    from course.reports.json import to_json
    from course.reports.junit import to_junit

    for path, make in ((json_file, to_json), (junit_file, to_junit)):
        if path:
            write(path, make(reports))


def write(path: Path, text: str) -> None:
    """Write a report to a file, or to standard output; raise CourseError where that can't be done."""
    if path == STDOUT:
        sys.stdout.write(text)
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CourseError(f"The report can't be written to {path}: {error.strerror}.") from None
