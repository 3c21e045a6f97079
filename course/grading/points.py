"""What a report is worth: weights, and what is taken off for being late."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from course.catalog.checklist import Check
from course.errors import CourseError
from course.results import Report

DAY_S = 24 * 60 * 60


@dataclass(frozen=True)
class Scheme:
    """How points are given. What the starter passes already is worth nothing, unless a weight says otherwise."""

    weights: Mapping[str, float] = field(default_factory=dict)  # a check's name -> its points
    deadline: float | None = None  # seconds since 1970
    late_per_day: float = 0.0  # percent of the points, for each day that has begun
    late_at_most: float = 100.0  # percent

    @property
    def possible(self) -> float:
        """Return the most that a submission can earn."""
        return sum(self.weights.values())

    def days_late(self, handed_in: float, *, said_late: bool = False) -> int:
        """Return how many days after the deadline have begun; at least one where the platform said that it was late."""
        if self.deadline is None:
            return 0
        days = math.ceil(max(handed_in - self.deadline, 0) / DAY_S)
        return max(days, int(said_late))

    def points(self, report: Report, days_late: int = 0) -> float | None:
        """Return the points of a report; None for what we could not judge."""
        if report.verdict == "unjudged":
            return None
        passed = {check.name for check in report.checks if check.status == "passed"}
        earned = sum(weight for name, weight in self.weights.items() if name in passed)
        off = min(days_late * self.late_per_day, self.late_at_most) / 100
        return round(earned * (1 - off), 2)


def scheme(
    checks: tuple[Check, ...],
    weights_file: Path | None = None,
    deadline: str = "",
    late_per_day: float = 0.0,
    late_at_most: float = 100.0,
) -> Scheme:
    """Return how points are given for these checks. Raises CourseError for a weight or a time that can't be read."""
    weights: dict[str, float] = {check.name: 0 if check.given else check.points for check in checks}
    if weights_file:
        weights |= _weights(weights_file, weights)
    when = _time(deadline) if deadline else None
    return Scheme(weights, when, late_per_day, late_at_most)


def number(points: float | None) -> str:
    """Return points as one writes them: 7, 6.5; nothing where there are none to tell."""
    return "" if points is None else f"{points:.2f}".rstrip("0").rstrip(".")


def _weights(file: Path, known: Mapping[str, float]) -> dict[str, float]:
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        example = f"A line for each check: {next(iter(known), 'test_name')} = 3"
        raise CourseError(f"{file} is not a table of weights: {error}.", example) from None
    for name, weight in found.items():
        if name not in known:
            raise CourseError(f"{file}: the lesson has no check '{name}'.", f"It has: {', '.join(known)}.")
        if type(weight) not in (int, float) or not 0 <= weight < math.inf:
            raise CourseError(f"{file}: the weight of '{name}' is {weight!r}.", "Write a number from 0 up.")
    return {name: float(weight) for name, weight in found.items()}


def _time(text: str) -> float:
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        raise CourseError(f"'{text}' is not a time.", "Write it as 2026-11-27T23:59, or with +01:00 behind.") from None
