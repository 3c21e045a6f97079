"""How long the checks of each lesson took last time, so that of many runs side by side the longest begin first."""

from __future__ import annotations

import json
from collections.abc import Iterable

from course.catalog.lessons import ROOT, Lesson, lessons
from course.results import Report

FILE = ROOT / ".course" / "lengths.json"  # a lesson's slug -> milliseconds


def longest_first() -> list[Lesson]:
    """Return all lessons, in the order in which they are to begin."""
    try:
        noted = json.loads(FILE.read_text(encoding="utf-8"))
        known = {str(slug): int(length) for slug, length in noted.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        known = {}  # it only saves time
    return sorted(lessons(), key=lambda lesson: (known.get(lesson.slug, 0), *_guess(lesson)), reverse=True)


def note_durations(reports: Iterable[Report]) -> None:
    """Note how long these runs took."""
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps({report.lesson: report.duration_ms for report in reports}), encoding="utf-8")


def _guess(lesson: Lesson) -> tuple[bool, str]:
    """Lessons with slow checks or many runs of tests are long, then the later ones."""
    from course.catalog.checklist import checklist

    return not lesson.server or any(made.slow for made in checklist(lesson)), lesson.slug
