"""Writes what a class's run brings beside its records: tables, pages, reports in the formats of other programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from course.catalog.checklist import Check
from course.catalog.lessons import Lesson
from course.grading import gradebooks
from course.grading.grades import Grade
from course.grading.points import number
from course.grading.whole_files import write_whole
from course.reports import feedback
from course.reports.json import to_json
from course.reports.junit import to_junit

FILES = {
    "csv": "grades.csv",
    "canvas": "canvas.csv",
    "moodle": "moodle.csv",
    "json": "reports.json",
    "junit": "junit.xml",
}


def documents(lesson: Lesson, checks: Sequence[Check], grades: Sequence[Grade], possible: float) -> dict[str, str]:
    """Return the files of a class, by the keys of `FILES`; all of them come from its records alone."""
    reports = [grade.report for grade in grades if grade.report]
    return {
        "csv": gradebooks.spreadsheet(checks, grades, possible),
        "canvas": gradebooks.canvas(lesson, grades, possible),
        "moodle": gradebooks.moodle(grades, possible),
        "json": to_json(reports),
        "junit": to_junit(reports),
    }


def write_results(folder: Path, texts: dict[str, str], grades: Sequence[Grade], possible: float, hints: int) -> None:
    """Write a class's files, and for each student a page in both formats."""
    for kind, text in texts.items():
        write_whole(folder / FILES[kind], text)
    for grade in grades:
        if grade.report:
            for ending, page in (("html", feedback.to_html), ("md", feedback.to_markdown)):
                text = page(grade.report, hints=hints, remark=remark(grade, possible))
                write_whole(folder / grade.folder / f"feedback.{ending}", text)


def remark(grade: Grade, possible: float) -> str:
    """Return points and lateness, as their student reads them."""
    points = f"{number(grade.points)} of {number(possible)} points" if grade.points is not None else ""
    days = f"handed in {grade.days_late} {'day' if grade.days_late == 1 else 'days'} late" if grade.days_late else ""
    return f"{', '.join(filter(None, (points, days)))}." if points or days else ""
