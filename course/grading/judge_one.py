"""Judges one submission in a process of its own: `python -m course.grading.judge_one JOB SEED`.

What it finds goes up the pipe that its parent made before the submission's code started: a line of JSON for each check
as it ends, and one for the whole report. No file holds it, and no process of the submission inherits the pipe.
"""

from __future__ import annotations

import dataclasses
import os
import sys

from course.errors import CourseError
from course.judging.isolation import move_in
from course.judging.runner_pool import Job
from course.reports.clean import clean_report
from course.reports.json import to_line
from course.results import CheckResult, Report


def main() -> None:
    """Judge what the arguments say, and tell the parent."""
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8")  # what this process starts does not inherit the duplicate
    os.dup2(2, 1)  # what anything else prints is for the log
    job, seed = Job.from_json(sys.argv[1]), int(sys.argv[2])
    nothing = Report(job.lesson.slug, job.lesson.title, "", seed, ())

    def tell(kind: str, report: Report) -> None:
        pipe.write(to_line(clean_report(report), kind=kind))
        pipe.flush()

    def tell_check(result: CheckResult) -> None:
        tell("check", dataclasses.replace(nothing, checks=(result,)))

    try:
        move_in(job.isolation)
        tell("report", job.run(seed=seed, on_result=tell_check))
    except CourseError as error:
        tell("report", dataclasses.replace(nothing, course_error=f"{error.message} {error.hint}".strip()))


if __name__ == "__main__":
    main()
