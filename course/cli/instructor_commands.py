"""The commands of an instructor: grade."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from course.catalog.lessons import find
from course.cli import check_runs
from course.cli.app import LessonName, app
from course.results import OUR_FAULT


@app.command()
def grade(
    lesson: LessonName,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder in which each submission has a folder.")],
    everything: Annotated[bool, typer.Option("--all", help="Run slow checks too.")] = False,
    trusted: Annotated[
        bool,
        typer.Option("--trust-submissions", help="Run them as programs of yours, without a cage, one at a time."),
    ] = False,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write a table, for a spreadsheet.")
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the reports as JSON.")] = None,
    junit_file: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Write them as JUnit XML.")] = None,
) -> None:
    """Check the submissions of a class (for instructors).

    Exit codes: 0 all pass, 1 one does not, 2 misuse, 3 a fault of the course itself.
    """
    from course.grading.class_run import to_csv

    known = find(lesson)
    grades = check_runs.check_class(known, folder, include_slow=everything, trusted=trusted)
    reports = [made.report for made in grades if made.report]
    check_runs.write_reports(reports, json_file, junit_file)
    if csv_file:
        check_runs.write(csv_file, to_csv(known, grades))
    lost = len(reports) < len(grades)
    raise typer.Exit(max([OUR_FAULT if lost else 0, *(report.exit_code for report in reports)]))
