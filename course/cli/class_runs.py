"""Grades a class, and tells on the terminal how it goes and what comes out."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from course.catalog.checklist import checklist
from course.catalog.lessons import Lesson
from course.cli.app import say, short_path
from course.cli.check_runs import progress_bar, write
from course.console import out
from course.errors import CourseError
from course.results import Isolation
from course.testbed.tools.lesson_needs import provide

if TYPE_CHECKING:
    from course.grading.class_run import Judged
    from course.grading.entries import Entry
    from course.grading.grades import Grade
    from course.grading.judge_process import Judges
    from course.grading.remote_judges import RemoteJudges
    from course.grading.snapshot import Snapshot

INTERRUPTED = 130  # what shells give for Ctrl-C


@dataclass(frozen=True)
class Options:
    """What an instructor asks for; see the options of `course grade`."""

    roster: Path | None = None
    include_slow: bool = False
    more_checks: Path | None = None
    seed: int | None = None
    again: bool = False
    weights: Path | None = None
    deadline: str = ""
    late_per_day: float = 0.0
    late_at_most: float = 100.0
    hints: int = 1
    out: Path | None = None
    trusted: bool = False
    workers: str = ""
    copies: dict[str, Path | None] = field(default_factory=dict)


def grade_class(known: Lesson, place: Path, options: Options) -> list[Grade]:
    """Judge all submissions of a class under a progress bar; show and write what came out.

    Raises CourseError where the class can't be read, and RuntimeError where the course changed meanwhile.
    """
    from course.grading.class_run import ClassRun
    from course.grading.entries import class_folder, entries, missing
    from course.grading.grades import grades
    from course.grading.points import scheme
    from course.grading.records import Records, results_folder
    from course.grading.roster import read_roster
    from course.grading.snapshot import snapshot

    roster = read_roster(options.roster) if options.roster else None
    folder = results_folder(options.out, known.number)
    with class_folder(place, known) as found, snapshot(known, options.more_checks) as taken:
        submissions = entries(found, roster, *filter(None, (options.roster, folder.parent, options.weights)))
        checks = checklist(taken.lesson)
        late = (options.deadline, options.late_per_day, options.late_at_most)
        counting = tuple(check for check in checks if options.include_slow or not check.slow)
        points = scheme(counting, options.weights, *late)
        judges = _judges(known, taken, options)
        records = Records(folder, seed=options.seed, again=options.again)
        with _progress(len(submissions)) as (begin, end):
            isolation: Isolation = "none" if options.trusted else "caged"
            run = ClassRun(taken, records, include_slow=options.include_slow, isolation=isolation, judges=judges)
            try:
                judged = run.judge(submissions, begin, end)
            except KeyboardInterrupt:
                say(f"Interrupted. What is judged is in {short_path(folder)}; type the same command to go on.")
                raise typer.Exit(INTERRUPTED) from None
            except OSError as error:
                if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                    raise
                told = "There is no room left for temporary files."
                raise CourseError(told, "Make room, or set TMPDIR; then type the same command again.") from None
        if changed := taken.changed():
            for one in judged:
                records.forget(one.entry.folder)
            raise CourseError(f"While the class was judged, {changed} changed.", "Type the same command again.")
        graded = grades(judged, points, missing(roster, submissions) if roster else ())
        _show(taken.lesson, place, graded, points.possible)
        _write(taken.lesson, options, folder, graded, points.possible)
    return graded


def _judges(known: Lesson, taken: Snapshot, options: Options) -> Judges | RemoteJudges:
    """Return who judges: processes of this machine, which gets what they need, or workers."""
    from course.grading.judge_process import Judges
    from course.judging.isolation import need_cage

    if options.workers:
        from course.grading.remote_judges import RemoteJudges

        return RemoteJudges(options.workers, taken)
    provide([known], say)
    if not options.trusted:
        need_cage(say)
    return Judges(apart=True)


def best_isolation() -> Isolation:
    """Return "caged" where cages hold; else say why there is none, for a platform's container may not allow it."""
    from course.judging.isolation import need_cage

    try:
        need_cage(say)
    except CourseError as reason:
        say(f"{reason.message} Only this machine itself keeps the submission from the judge.")
        return "none"
    return "caged"


@contextmanager
def _progress(total: int) -> Iterator[tuple[Callable[[Entry], None], Callable[[Judged], None]]]:
    """Show a bar with what is running; hand out what to call when a submission begins and ends."""
    with progress_bar() as bar:
        task = bar.add_task("Judging", total=total)
        running: dict[str, str] = {}

        def tell() -> None:
            names = ", ".join(running.values())
            bar.update(task, description=_escaped(names[:40] or "Judging"))

        def begin(entry: Entry) -> None:
            running[entry.folder] = entry.name
            tell()

        def end(judged: Judged) -> None:
            running.pop(judged.entry.folder, None)
            bar.advance(task)
            tell()

        yield begin, end


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _show(known: Lesson, place: Path, graded: list[Grade], possible: float) -> None:
    from course.grading.class_table import class_table, count, summary
    from course.grading.grades import summaries
    from course.grading.submission_names import shown
    from course.reports import terminal

    out.print(terminal.heading(known.slug, known.title, shown(str(place))), soft_wrap=True)
    out.print(class_table(graded, possible))
    out.print(summary(summaries(checklist(known), graded)))
    out.print(f"\n{count(graded)}")


def _write(known: Lesson, options: Options, folder: Path, graded: list[Grade], possible: float) -> None:
    from course.grading.results_folder import documents, write_results

    texts = documents(known, checklist(known), graded, possible)
    write_results(folder, texts, graded, possible, options.hints)
    for kind, path in options.copies.items():
        if path:
            write(path, texts[kind])
    out.print(f"Tables, reports and a page for each student are in {short_path(folder)}.", markup=False)
