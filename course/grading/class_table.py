"""A class as a teacher reads it in a terminal: a row for each submission, then what most of them fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from course.grading.grades import CheckSummary, Grade
from course.grading.points import number

MARKS = {
    "mastered": ("★", "green"),
    "passed": ("✓", "green"),
    "failed": ("✗", "bold red"),
    "refused": ("⊘", "bold red"),
    "unjudged": ("!", "bold magenta"),
    "missing": ("–", "yellow"),
}
MOST_CHECKS = 5


def class_table(grades: Sequence[Grade], possible: float) -> RenderableType:
    """Return a row for each: mark, name, checks that pass, points, time, what is wrong first."""
    late = any(grade.days_late for grade in grades)
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(width=1)
    table.add_column(overflow="ellipsis", no_wrap=True, max_width=32, min_width=8)
    for _ in range(3 if late else 2):
        table.add_column(justify="right", no_wrap=True, style="dim")
    table.add_column(overflow="fold", ratio=1)
    for grade in grades:
        mark, style = MARKS["mastered" if grade.report and grade.report.mastered else grade.verdict]
        days = [f"{grade.days_late} d late" if grade.days_late else ""] if late else []
        told = Text(grade.trouble if grade.verdict in ("passed", "failed") else f"{grade.verdict}: {grade.trouble}")
        table.add_row(Text(mark, style=style), Text(grade.name), _checks(grade), _points(grade, possible), *days, told)
    return table


def summary(summaries: Sequence[CheckSummary]) -> RenderableType:
    """Return which checks most submissions fail, with the likeliest cause: what to teach tomorrow."""
    if not summaries:
        return Group()
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, show_edge=False)
    table.add_column("fail", justify="right", no_wrap=True)
    table.add_column("check", overflow="fold", ratio=1)
    table.add_column("likeliest cause", overflow="fold", ratio=1)
    for one in summaries[:MOST_CHECKS]:
        table.add_row(f"{one.failing} of {one.judged}", Text(one.check.title), Text(one.cause, style="dim"))
    return Group(Text("\nWhat most submissions fail", style="bold"), table)


def count(grades: Sequence[Grade]) -> str:
    """Return in a sentence how the class did."""
    found = Counter(grade.verdict for grade in grades)
    handed_in = len(grades) - found["missing"]
    others = [f"{found[verdict]} {verdict}" for verdict in ("refused", "unjudged", "missing") if found[verdict]]
    return f"{found['passed']} of {handed_in} submissions pass{''.join(f', {other}' for other in others)}."


def _checks(grade: Grade) -> str:
    if not grade.report or not grade.report.checks:
        return ""
    passed = sum(check.status == "passed" for check in grade.report.checks)
    return f"{passed:2} of {len(grade.report.checks):2}"


def _points(grade: Grade, possible: float) -> str:
    return f"{number(grade.points)}/{number(possible)}" if grade.points is not None else ""
