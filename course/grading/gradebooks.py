"""A class's grades as tables: for a spreadsheet, for Canvas, for Moodle.

Canvas    the columns of its gradebook export: Student, ID, SIS User ID, SIS Login ID, Section, the assignment; and a
          row "Points Possible" (https://teaching.resources.osu.edu/toolsets/carmencanvas/guides/calculating-final-grades/
          import-csv-file-carmen-grades says which of them an import needs)
Moodle    the grading worksheet of an assignment: `assignfeedback_offline_grade_importer` in
          mod/assign/feedback/offline/importgradeslib.php needs Identifier ("Participant 123"), Grade and
          Last modified (grade), and takes Feedback comments
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from course.catalog.checklist import Check
from course.catalog.lessons import Lesson
from course.grading.grades import Grade
from course.grading.points import number
from course.reports.clean import clean, csv_cell

FACTS = (
    "submission", "id", "email", "passed", "mastered", "verdict", "points", "possible", "days late", "trouble",
    "likely cause", "seed",
)  # fmt: skip
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MOODLE = (
    "Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade", "Grade can be changed",
    "Last modified (submission)", "Last modified (grade)", "Feedback comments",
)  # fmt: skip


def spreadsheet(checks: Sequence[Check], grades: Sequence[Grade], possible: float) -> str:
    """Return a row for each submission, with its facts and a column for each check."""
    names = [check.name for check in checks]
    rows = ([*_facts(grade, possible), *_statuses(grade, names)] for grade in grades)
    return _table([*FACTS, *names], rows)


def canvas(lesson: Lesson, grades: Sequence[Grade], possible: float) -> str:
    """Return a table that Canvas imports; who was not judged has an empty cell, which changes nothing there."""
    points = ["    Points Possible", "", "", "", "", number(possible)]
    return _table([*CANVAS, f"{lesson.number} {lesson.title}"], [points, *(_canvas_row(grade) for grade in grades)])


def moodle(grades: Sequence[Grade], possible: float) -> str:
    """Return a grading worksheet that Moodle takes back."""
    return _table(MOODLE, [_moodle_row(grade, possible) for grade in grades])


def _facts(grade: Grade, possible: float) -> list[object]:
    report = grade.report
    failing = report.first_failure if report else None
    likely = failing.failure.likely if failing and failing.failure else ""
    marks = (grade.verdict == "passed", bool(report and report.mastered))
    passed, mastered = ("yes" if mark else "no" for mark in marks)
    points = (number(grade.points), number(possible), grade.days_late or "")
    seed = report.seed if report else ""
    return [grade.name, grade.id, grade.email, passed, mastered, grade.verdict, *points, grade.trouble, likely, seed]


def _statuses(grade: Grade, names: Iterable[str]) -> list[str]:
    status: dict[str, str] = {check.name: check.status for check in grade.report.checks} if grade.report else {}
    return [status.get(name, "") for name in names]


def _canvas_row(grade: Grade) -> list[object]:
    row = grade.student.row if grade.student else {}
    known = {"Student": grade.name, "ID": grade.id} | {key: row[key] for key in CANVAS if row.get(key)}
    return [*(known.get(column, "") for column in CANVAS), number(grade.points)]


def _moodle_row(grade: Grade, possible: float) -> list[object]:
    row = grade.student.row if grade.student else {}
    known = {
        "Identifier": f"Participant {grade.id}" if grade.id.isdigit() else grade.id,
        "Full name": grade.name,
        "Email address": grade.email,
        "Grade can be changed": "Yes",
        "Last modified (submission)": "-",
        "Last modified (grade)": "-",
    }
    known |= {key: row[key] for key in MOODLE if row.get(key)}
    known |= {"Grade": number(grade.points), "Maximum Grade": known.get("Maximum Grade", number(possible))}
    return [(known | {"Feedback comments": _comment(grade)}).get(column, "") for column in MOODLE]


def _comment(grade: Grade) -> str:
    """Return what a student reads beside the grade: how many checks pass, and what is wrong first."""
    if not grade.report:
        return ""
    passed = sum(check.status == "passed" for check in grade.report.checks)
    count = f"{passed} of {len(grade.report.checks)} checks pass. " if grade.report.checks else ""
    return clean(f"{count}{grade.trouble}".strip())


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(header)
    table.writerows([csv_cell(value) for value in row] for row in rows)
    return text.getvalue()
