"""Save → verdict: how long a student waits, from the write of a file to the verdict on the screen of `course watch`."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from course.bench.drawing import lines
from course.bench.machine_facts import beginning, circumstances
from course.bench.process_usage import share_of_a_core, usage_of
from course.bench.watch_terminal import watching
from course.catalog.lessons import find

STORED = Path("docs/assets/bench/saves.json")
LESSONS = {"02_sync_echo": 200, "04_websocket_events": 50, "07_json_messages": 50, "06_browser_client": 50}
WARM_UP = 5  # saves that do not count: the first start what stays open
IDLE_S = 20.0
TAKEN = {"processes": "processes", "open_files": "open files", "memory_mb": "memory in MB"}


def measure(told: Callable[[str], None]) -> dict[str, object]:
    """Measure some lessons, the last with a browser; `told` hears of each."""
    found, results = beginning(), []
    for slug, number in LESSONS.items():
        told(f"{number} saves of {slug}")
        results.append(measure_lesson(slug, number))
    return found | {"lessons": results}


def measure_lesson(slug: str, number: int) -> dict[str, object]:
    """Save the solution of a lesson `number` times under `course watch`; return the waits in milliseconds.

    It happens in a copy of the course. On Linux, what `watch` takes up is told too: after the first save that counts,
    after the last, and while nothing happens. Raises CourseError where there is no terminal.
    """
    lesson = find(slug)
    with watching(slug) as watched:
        file = watched.project / lesson.edit[0]
        text = file.read_bytes()
        waits_ms = []
        taken: dict[str, object] = {}
        for count in range(WARM_UP + number):
            began = time.perf_counter()
            file.write_bytes(text + b" " * (count % 7) + b"\n")
            watched.await_verdict()
            if count >= WARM_UP:
                waits_ms.append(round((time.perf_counter() - began) * 1000, 1))
            elif count == WARM_UP - 1 and sys.platform == "linux":
                taken["first"] = usage_of(watched.pid)
        if sys.platform == "linux":
            taken["idle_percent_of_a_core"] = share_of_a_core(watched.pid, IDLE_S)
            taken["last"] = usage_of(watched.pid)
    return {
        "lesson": slug,
        "saves": number,
        "median_ms": statistics.median(waits_ms),
        "p95_ms": round(statistics.quantiles(waits_ms, n=20, method="inclusive")[-1], 1),
        "taken": taken,
        "all_ms": waits_ms,
    }


def table(results: dict[str, Any]) -> str:
    """Return the numbers as a table in Markdown, and what they were measured on."""
    rows = [
        ("measured", *(lesson["lesson"] for lesson in results["lessons"])),
        ("---", *("--:" for _ in results["lessons"])),
        ("saves", *(f"{lesson['saves']}" for lesson in results["lessons"])),
        ("save to verdict, median", *(f"{lesson['median_ms']:.0f} ms" for lesson in results["lessons"])),
        ("the same, p95", *(f"{lesson['p95_ms']:.0f} ms" for lesson in results["lessons"])),
    ]
    taken = [lesson["taken"] for lesson in results["lessons"]]
    if all(taken):
        rows.append(("idle, of a core", *(f"{each['idle_percent_of_a_core']:.1f} %" for each in taken)))
        for when in ("first", "last"):
            rows += [
                (f"{what}, after the {when} save", *(f"{each[when][name]:g}" for each in taken))
                for name, what in TAKEN.items()
            ]
    return f"{lines(rows)}\n\n{circumstances(results)}\n"


DRAWN = {Path("includes/bench/saves.md"): table}
