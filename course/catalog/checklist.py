"""What a lesson's checks say of themselves, read from their source without running it.

A check's docstring is the one source of its name and its hints: the first line is the name that the student
sees, the numbered lines are the hints, from "where to look" to "the shape of the answer".
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from course.catalog.lessons import Lesson
from course.errors import CourseError
from course.results import Group

NUMBERED = re.compile(r"^\s*\d+\.\s+", re.MULTILINE)


@dataclass(frozen=True)
class Check:
    """One check as its source describes it."""

    name: str
    title: str
    hints: tuple[str, ...]
    points: int = 1
    given: bool = False
    slow: bool = False
    group: Group = "guided"
    number: int = 1  # its place among the checks of its lesson


def checklist(lesson: Lesson) -> tuple[Check, ...]:
    """Return the lesson's checks in the order in which they run."""
    found: list[Check] = []
    for path in sorted(lesson.checks.glob("test_*.py")):
        tree = ast.parse(path.read_bytes(), filename=str(path))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                title, hints = split_docstring(ast.get_docstring(node) or node.name.replace("_", " "))
                marks = dict(_mark(decorator) for decorator in node.decorator_list)
                facts = (marks.get("points", 1), "given" in marks, "slow" in marks)
                group: Group = "own" if "own" in marks else "guided"
                found.append(Check(node.name, title, hints, *facts, group=group, number=len(found) + 1))
    return tuple(found)


def find_check(lesson: Lesson, name: str) -> Check:
    """Return the lesson's check of this number or name, or raise CourseError with the names there are."""
    checks = checklist(lesson)
    found = next((check for check in checks if name in (check.name, f"{check.number}", f"{check.number:02}")), None)
    if found is None:
        known = ", ".join(check.name for check in checks)
        raise CourseError(f"Lesson {lesson.slug} has no check '{name}'.", f"It has 1 to {len(checks)}: {known}.")
    return found


def split_docstring(docstring: str) -> tuple[str, tuple[str, ...]]:
    """Return a docstring's first line and its numbered lines, each folded to one line."""
    title, _, rest = docstring.strip().partition("\n")
    hints = [" ".join(part.split()) for part in NUMBERED.split(rest)[1:]]
    return title.strip(), tuple(hints)


def _mark(decorator: ast.expr) -> tuple[str, int]:
    """Return the name of a `pytest.mark` decorator and its first argument, or 1."""
    if isinstance(decorator, ast.Call):
        name = _mark(decorator.func)[0]
        value = decorator.args[0] if decorator.args else None
        return name, value.value if isinstance(value, ast.Constant) and isinstance(value.value, int) else 1
    return (decorator.attr if isinstance(decorator, ast.Attribute) else ""), 1
