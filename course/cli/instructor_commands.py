"""The commands of an instructor: grade, autograde, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from course.catalog.checklist import checklist
from course.catalog.lessons import find
from course.cli.app import LessonName, app, folder_named, say, short_path
from course.cli.check_runs import keep_stdout_for, show_closing, write
from course.cli.class_runs import Options, best_isolation, grade_class
from course.console import out
from course.errors import CourseError
from course.results import OUR_FAULT
from course.testbed.tools.lesson_needs import provide

Place = Annotated[
    Path,
    typer.Argument(
        metavar="DIR",
        parser=folder_named,
        help="The class: a folder, or the zip that Moodle, Canvas or Gradescope gives.",
    ),
]


WORKERS = "COURSE_GRADE_WORKERS"  # where a password is not seen in the list of processes
Hints = Annotated[int, typer.Option(min=0, max=3, help="How many hints are told of each check that fails.")]
Seed = Annotated[int | None, typer.Option(help="Repeat the run that shows this number.")]
Weights = Annotated[Path | None, typer.Option(metavar="FILE", help="A TOML file with what each check is worth.")]
Trusted = Annotated[
    bool, typer.Option("--trust-submissions", help="Run them as programs of yours, without a cage, one at a time.")
]
export = typer.Typer(help="Make what a platform runs by itself (for instructors).", rich_markup_mode=None)
app.add_typer(export, name="export")


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
    trusted: Trusted = False,
    workers: Annotated[
        str,
        typer.Option(
            metavar="URL",
            envvar=WORKERS,
            help="Let the workers of this Redis judge; see `course grade-worker`.",
            show_default=False,
        ),
    ] = "",
    seed: Seed = None,
    again: Annotated[bool, typer.Option("--again", help="Judge all again, also what is judged already.")] = False,
    weights: Weights = None,
    deadline: Annotated[str, typer.Option(metavar="TIME", help="When it was due, as 2026-11-27T23:59.")] = "",
    late_per_day: Annotated[float, typer.Option(min=0, max=100, help="Percent off for each day late.")] = 0.0,
    late_at_most: Annotated[float, typer.Option(min=0, max=100, help="Percent off at most.")] = 100.0,
    hints: Hints = 1,
    out_folder: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where results go.", show_default="results")
    ] = None,
    csv_file: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Write the table for a spreadsheet here too; - is standard output."),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the reports as JSON here too; - too.")
    ] = None,
    junit_file: Annotated[
        Path | None, typer.Option("--junit", metavar="FILE", help="Write them as JUnit XML here too; - too.")
    ] = None,
) -> None:
    """Check the submissions of a class (for instructors).

    What is judged stays judged: after an interruption, type the same command. Exit codes: 0 all pass, 1 one does not,
    2 misuse, 3 one could not be judged, which is a fault of the course or of the machine.
    """
    if workers and trusted:
        raise CourseError("Workers judge in cages, so --trust-submissions says nothing to them.", "Leave one out.")
    keep_stdout_for(json_file, junit_file, csv_file)
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
        trusted=trusted,
        workers=workers,
        copies={"csv": csv_file, "json": json_file, "junit": junit_file},
    )
    grades = grade_class(find(lesson), place, options)
    verdicts = {found.verdict for found in grades}
    raise typer.Exit(OUR_FAULT if "unjudged" in verdicts else 0 if verdicts <= {"passed", "missing"} else 1)


@app.command("grade-worker")
def grade_worker(
    url: Annotated[str, typer.Argument(metavar="URL", envvar=WORKERS, help="Its Redis: redis://:PASSWORD@HOST:6379/0")],
) -> None:
    """Judge what `course grade --workers` hands out (for instructors).

    It takes one submission at a time. Start as many as a machine has cores, on as many machines as you like, each with
    the same version of the course.
    """
    from course.grading.grade_worker import work

    work(url, say)


@app.command()
def autograde(
    lesson: LessonName,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="One submission, as the platform lays it down.")],
    gradescope: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write results.json, as Gradescope reads it.")
    ] = None,
    classroom: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write result.json, as Classroom 50 reads it.")
    ] = None,
    notices: Annotated[bool, typer.Option("--notices", help="Print the lines that GitHub Classroom reads.")] = False,
    hints: Hints = 1,
    weights: Weights = None,
    everything: Annotated[bool, typer.Option("--all", help="Run slow checks too.")] = False,
    seed: Seed = None,
) -> None:
    """Judge one submission where a platform runs it (for instructors); see `course export`.

    What could not be judged is not written, so that the platform shows an error and no points. Exit codes: 0 all pass,
    1 a check failed, 2 misuse, 3 a fault of the course or of the machine.
    """
    from course.grading.autograder import judge_alone, platform_texts
    from course.grading.points import scheme

    known = find(lesson)
    points = scheme(tuple(check for check in checklist(known) if everything or not check.slow), weights)
    provide([known], say)
    report = judge_alone(known, folder, best_isolation(), include_slow=everything, seed=seed)
    show_closing(report, plain=True)
    if report.verdict == "unjudged":
        raise typer.Exit(OUR_FAULT)
    texts = platform_texts(report, points, hints)
    for path, kind in ((gradescope, "gradescope"), (classroom, "classroom")):
        if path:
            write(path, texts[kind])
    if notices:
        out.print(texts["notices"], markup=False, soft_wrap=True)
    raise typer.Exit(0 if report.passed else 1)


@export.command("gradescope")
def export_gradescope(
    lesson: LessonName,
    file: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where the zip goes.")] = None,
    hints: Hints = 1,
) -> None:
    """Make the autograder zip that Gradescope takes."""
    from course.grading.autograder import gradescope_zip
    from course.grading.whole_files import write_whole

    known = find(lesson)
    target = file or Path(f"gradescope-{known.number}.zip")
    write_whole(target, gradescope_zip(known, hints))
    out.print(f"{short_path(target)} is the autograder of lesson {known.number}.", markup=False)
    out.print("On Gradescope: a programming assignment, “Configure Autograder”, then upload it.")


@export.command("classroom")
def export_classroom(
    lesson: LessonName,
    repository: Annotated[
        str, typer.Option(metavar="OWNER/NAME", help="Where the course is, which students can't change.")
    ],
    ref: Annotated[str, typer.Option(help="The branch, tag or commit of it.")] = "main",
    file: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where the workflow goes.")] = None,
    hints: Hints = 1,
) -> None:
    """Make the GitHub Actions workflow of a student's repository."""
    from course.grading.autograder import classroom_workflow
    from course.grading.whole_files import write_whole

    known = find(lesson)
    target = file or Path(f"classroom-{known.number}.yml")
    write_whole(target, classroom_workflow(known, repository, ref, hints))
    out.print(
        f"Put {short_path(target)} into the assignment's template as .github/workflows/classroom.yml.", markup=False
    )
