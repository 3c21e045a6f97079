"""Checks a class: one lesson, many submissions, side by side."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from course.catalog.checklist import checklist
from course.catalog.lessons import Lesson
from course.errors import CourseError
from course.judging.runner_pool import Job, run_cold
from course.results import Isolation, Report

FACTS = ("submission", "passed", "points", "possible", "trouble", "likely cause", "seed")


@dataclass(frozen=True)
class Grade:
    """What came out for one submission: a report, or why there is none."""

    submission: str
    report: Report | None
    fault: str = ""


def submissions_in(folder: Path, lesson: Lesson) -> list[Path]:
    """Return the folders in a folder, hidden ones left out, in the order of their names.

    Raises CourseError where there is none, or where the folder is a project itself.
    """
    if not folder.is_dir():
        raise CourseError(f"There is no folder {folder}.")
    if (folder / "manage.py").is_file():
        alone = f"python3 course check {lesson.number} --project {folder}"
        raise CourseError(f"{folder} is one project, and no class.", f"To check it: {alone}")
    found = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    if not found:
        raise CourseError(f"There are no submissions in {folder}.", "Each is a folder of its own, with a manage.py.")
    return found


def grade(
    lesson: Lesson, submissions: Sequence[Path], *, include_slow: bool = False, trusted: bool = False
) -> Iterator[tuple[int, Grade]]:
    """Check each submission in a process and a cage of its own, as many at once as there are cores.

    Those that are `trusted` run without a cage, one at a time. Yield number and grade.
    """
    isolation: Isolation = "none" if trusted else "caged"
    jobs = [Job(lesson, project=path.resolve(), include_slow=include_slow, isolation=isolation) for path in submissions]
    for number, outcome in run_cold(jobs, at_once=1 if trusted else None):
        yield number, Grade(submissions[number].name, outcome.report, outcome.fault)


def to_csv(lesson: Lesson, grades: Sequence[Grade]) -> str:
    """Return a table for a spreadsheet: a row for each submission, and a column for each check of the lesson."""
    checks = [check.name for check in checklist(lesson)]
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow([*FACTS, *checks])
    for made in grades:
        status: dict[str, str] = {check.name: check.status for check in made.report.checks} if made.report else {}
        table.writerow([made.submission, *_facts(made), *(status.get(name, "") for name in checks)])
    return text.getvalue()


def _facts(made: Grade) -> list[object]:
    report = made.report
    if report is None:
        return ["no", "", "", made.fault, "", ""]
    failing = report.first_failure
    likely = failing.failure.likely if failing and failing.failure else ""
    passed = "yes" if report.passed else "no"
    return [passed, report.points, report.points_possible, report.trouble, likely, report.seed]
