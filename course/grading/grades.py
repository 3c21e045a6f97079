"""A class's grades: what was judged, with points and days late; and who handed in nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from course.catalog.checklist import Check
from course.grading.class_run import Judged
from course.grading.points import Scheme
from course.grading.roster import Student
from course.results import Report


@dataclass(frozen=True)
class Grade:
    """One row: a submission that was judged or refused, or a student who handed in nothing."""

    name: str
    folder: str
    report: Report | None
    points: float | None
    days_late: int = 0
    id: str = ""
    email: str = ""
    student: Student | None = None

    @property
    def verdict(self) -> str:
        """Return how it ended, "missing" where nothing was handed in."""
        return self.report.verdict if self.report else "missing"

    @property
    def trouble(self) -> str:
        """Return in one line what is wrong first."""
        return self.report.trouble if self.report else "Nothing was handed in."


@dataclass(frozen=True)
class CheckSummary:
    """How many submissions fail a check, and what is the likeliest cause."""

    check: Check
    failing: int
    judged: int
    cause: str


def grades(judged: Sequence[Judged], scheme: Scheme, missing: Sequence[Student] = ()) -> list[Grade]:
    """Return the rows of a class, in its order; those who handed in nothing come last."""
    found = [_grade(made, scheme) for made in judged]
    nothing = [Grade(one.name, "", None, None, 0, one.id, one.email, one) for one in missing]
    return found + nothing


def summaries(checks: Sequence[Check], found: Sequence[Grade]) -> list[CheckSummary]:
    """Return for each check how the class did, what most fail first."""
    reports = [grade.report for grade in found if grade.report and grade.report.checks]
    made = [_summary(check, reports) for check in checks]
    return sorted((one for one in made if one.failing), key=lambda one: (-one.failing, one.check.number))


def _grade(made: Judged, scheme: Scheme) -> Grade:
    entry, student = made.entry, made.entry.student
    handed_in = entry.submitter.handed_in or made.changed
    days = scheme.days_late(handed_in, said_late=entry.submitter.late)
    known = student.id if student and student.id else entry.submitter.id
    email = student.email if student and student.email else entry.submitter.email
    return Grade(entry.name, entry.folder, made.report, scheme.points(made.report, days), days, known, email, student)


def _summary(check: Check, reports: Sequence[Report]) -> CheckSummary:
    results = [result for report in reports for result in report.checks if result.name == check.name]
    failing = [result for result in results if result.status in ("failed", "not run")]
    causes = Counter(result.failure.cause for result in failing if result.failure and result.failure.cause)
    likeliest = causes.most_common(1)
    return CheckSummary(check, len(failing), len(results), likeliest[0][0] if likeliest else "")
