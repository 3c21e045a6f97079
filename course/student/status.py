"""The student's way through the course as data: for each lesson its state, the time that it took, what broke."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from course.catalog.lessons import lessons
from course.student.progress import MARKS, Progress, state_of


@dataclass(frozen=True)
class Step:
    """One lesson as the student stands to it."""

    slug: str
    number: str
    title: str
    minutes: int  # that it takes, by lesson.toml
    mark: str
    state: str  # as on the map; empty for one that has not passed yet
    passed_on: str
    spent_s: int
    checks: int
    breaks: int
    trouble: str


def steps(progress: Progress) -> list[Step]:
    """Return all lessons in their order."""
    found = []
    for known in lessons():
        state, standing, effort = state_of(progress, known), progress.of(known.slug), progress.effort(known.slug)
        named = (known.slug, known.number, known.title, known.minutes, MARKS.get(state, " "), state)
        found.append(Step(*named, standing.passed_on, **asdict(effort)))
    return found


def summary(found: list[Step]) -> str:
    """Return the whole in a line."""
    counts = {state: sum(step.state == state for step in found) for state in MARKS}
    done = sum(number for state, number in counts.items() if state != "broken")
    parts = [f"{done} of {len(found)} lessons passed"]
    parts += [f"{number} {state}" for state, number in counts.items() if number and state != "passed"]
    parts += [f"{duration(sum(step.spent_s for step in found))} spent"]
    return " · ".join(parts)


def duration(seconds: int) -> str:
    """Return a time as one says it."""
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"


def as_data(progress: Progress) -> dict[str, Any]:
    """Return what a page or a program needs."""
    found = steps(progress)
    rows = [asdict(step) | {"spent": duration(step.spent_s) if step.checks else ""} for step in found]
    return {"summary": summary(found), "trouble": progress.trouble, "lessons": rows}
