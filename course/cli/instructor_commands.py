"""The commands of an instructor: grade."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from course.catalog.lessons import find
from course.cli.app import LessonName, app
from course.cli.class_runs import Options, grade_class
from course.results import OUR_FAULT

Place = Annotated[
    Path, typer.Argument(metavar="DIR", help="The class: a folder, or the zip that Moodle, Canvas or Gradescope gives.")
]


@app.command()
def grade(
    lesson: LessonName,
    place: Place,
    roster: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A CSV of the students: names, ids, who handed in nothing.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Run slow checks too.")] = False,
    more_checks: Annotated[
        Path | None, typer.Option("--with", metavar="DIR", help="Run your own test files too.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Repeat the run that shows this number.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Judge all anew, also what is judged already.")] = False,
    weights: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A TOML file with what each check is worth.")
    ] = None,
    deadline: Annotated[str, typer.Option(metavar="TIME", help="When it was due, as 2026-11-27T23:59.")] = "",
    late_per_day: Annotated[float, typer.Option(min=0, max=100, help="Percent off for each day late.")] = 0.0,
    late_at_most: Annotated[float, typer.Option(min=0, max=100, help="Percent off at most.")] = 100.0,
    hints: Annotated[int, typer.Option(min=0, max=3, help="How many hints each feedback page tells.")] = 1,
    out_folder: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where results go.", show_default="results")
    ] = None,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write the table for a spreadsheet here too.")
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the reports as JSON.")] = None,
    junit_file: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Write them as JUnit XML.")] = None,
) -> None:
    """Check the submissions of a class (for instructors).

    What is judged stays judged: after an interruption, type the same command. Exit codes: 0 all pass, 1 one does not,
    2 misuse, 3 one could not be judged, which is a fault of the course or of the machine.
    """
    options = Options(
        roster=roster,
        include_slow=everything,
        more_checks=more_checks,
        seed=seed,
        again=again,
        weights=weights,
        deadline=deadline,
        late_per_day=late_per_day,
        late_at_most=late_at_most,
        hints=hints,
        out=out_folder,
        copies={"csv": csv_file, "json": json_file, "junit": junit_file},
    )
    grades = grade_class(find(lesson), place, options)
    verdicts = {found.verdict for found in grades}
    raise typer.Exit(OUR_FAULT if "unjudged" in verdicts else 0 if verdicts <= {"passed", "missing"} else 1)
