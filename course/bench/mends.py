"""Mended → ticked: how long a student waits for the verdict on the check at hand, in lessons that take a while.

A mistake of the catalogue is made and mended again, and again, under `course watch`.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from course.bench.drawing import lines
from course.bench.machine_facts import beginning, circumstances
from course.bench.watch_terminal import watching
from course.catalog.checklist import checklist, find_check
from course.catalog.lessons import find
from course.catalog.mistakes import find_mistake

STORED = Path("docs/assets/bench/mends.json")
MENDS = {  # lesson: a mistake that one of its last checks catches, and how often it is mended
    "06_browser_client": ("does-not-hear-the-error", 50),
    "08_chat_pages": ("the-newest-is-out-of-sight", 20),
    "11_chat_security": ("the-field-keeps-the-message", 20),
    "14_task_push": ("subscribes-only-while-open", 10),
    "16_rxjs_client": ("keeps-everything", 5),
}
WARM_UP = 2  # mends that do not count: the first start what stays open


def measure(told: Callable[[str], None]) -> dict[str, object]:
    """Measure some lessons; `told` hears of each."""
    found, results = beginning(), []
    for slug, (mistake, number) in MENDS.items():
        told(f"{number} mends of {mistake} in {slug}")
        results.append(measure_lesson(slug, mistake, number))
    return found | {"lessons": results}


def measure_lesson(slug: str, name: str, number: int) -> dict[str, object]:
    """Make and mend a mistake `number` times under `course watch`; return the waits in milliseconds.

    Of each mend, that is the time up to the tick of the check that catches the mistake, and that up to the verdict on
    the whole lesson. Raises CourseError where there is no terminal.
    """
    lesson = find(slug)
    mistake = find_mistake(lesson, name)
    check = find_check(lesson, mistake.caught_by)
    ticks_ms, wholes_ms = [], []
    with watching(slug) as watched:
        for count in range(WARM_UP + number):
            mended = {edit.file: (watched.project / edit.file).read_bytes() for edit in mistake.edits}
            mistake.apply(watched.project)
            watched.await_verdict()
            began = time.perf_counter()
            for file, text in mended.items():
                (watched.project / file).write_bytes(text)
            watched.await_tick(check.number)
            ticked = time.perf_counter()
            watched.await_verdict()
            if count >= WARM_UP:
                ticks_ms.append(round((ticked - began) * 1000, 1))
                wholes_ms.append(round((time.perf_counter() - began) * 1000, 1))
    return {
        "lesson": slug,
        "mistake": name,
        "check": check.number,
        "of": sum(not each.slow for each in checklist(lesson)),
        "mends": number,
        "ticks_ms": ticks_ms,
        "wholes_ms": wholes_ms,
    }


def table(results: dict[str, Any]) -> str:
    """Return the numbers as a table in Markdown, and what they were measured on."""
    measured = results["lessons"]
    rows = [
        ("measured", *(each["lesson"] for each in measured)),
        ("---", *("--:" for _ in measured)),
        ("check at hand", *(f"{each['check']} of {each['of']}" for each in measured)),
        ("mends", *(f"{each['mends']}" for each in measured)),
        *_waits("to its tick", [each["ticks_ms"] for each in measured]),
        *_waits("to the whole verdict", [each["wholes_ms"] for each in measured]),
    ]
    return f"{lines(rows)}\n\n{circumstances(results)}\n"


def _waits(what: str, waits_ms: list[list[float]]) -> list[tuple[str, ...]]:
    twentieths = [statistics.quantiles(each, n=20, method="inclusive") for each in waits_ms]
    return [
        (f"{what}, median", *(f"{statistics.median(each) / 1000:.2f} s" for each in waits_ms)),
        ("the same, p95", *(f"{p95 / 1000:.2f} s" for *_, p95 in twentieths)),
    ]


DRAWN = {Path("includes/bench/mends.md"): table}
