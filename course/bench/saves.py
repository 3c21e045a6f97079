"""Save → verdict: how long a student waits, from the write of a file to the verdict on the screen of `course watch`."""

from __future__ import annotations

import datetime
import json
import os
import re
import select
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from course.bench.drawing import lines
from course.bench.footprint import PROC, footprint, share_of_a_core
from course.bench.machine import circumstances, machine
from course.bench.storing import write
from course.catalog import ROOT, Lesson, find, lessons
from course.errors import CourseError
from course.testbed.deadlines import deadline_s
from course.workspace import PREFIX, copy_tree

PARTS = ("course", "lessons", "solutions", "checks")
VERDICT = re.compile(rb"checks pass.*?seed (\d+)")  # each run has a seed of its own
WATCH = "import sys; sys.argv = ['course', 'watch']; from course.cli import main; main()"
LONGEST_UNITS = 30.0
STORED = Path("docs/assets/bench/saves.json")
TABLE = Path("includes/bench/saves.md")
LESSONS = {"02_sync_echo": 200, "04_websocket_events": 50, "07_json_messages": 50, "06_browser_client": 50}
WARM_UP = 5  # saves that do not count: the first start what stays open
IDLE_S = 20.0
TAKEN = {"processes": "processes", "open_files": "open files", "memory_mb": "memory in MB"}


def measure(told: Callable[[str], None]) -> dict[str, object]:
    """Measure some lessons, the last with a browser; `told` hears of each."""
    results = []
    for slug, number in LESSONS.items():
        told(f"{number} saves of {slug}")
        results.append(measure_lesson(slug, number))
    return {"machine": machine(), "date": f"{datetime.date.today()}", "lessons": results}


def store(results: dict[str, object], root: Path = ROOT) -> None:
    """Write the results down."""
    write(root / STORED, json.dumps(results, indent=1) + "\n")


def draw(root: Path = ROOT) -> list[Path]:
    """Make the tables of what is stored; return the file."""
    write(root / TABLE, table(json.loads((root / STORED).read_text(encoding="utf-8"))))
    return [root / TABLE]


def measure_lesson(slug: str, number: int) -> dict[str, object]:
    """Save the solution of a lesson `number` times under `course watch`; return the waits in milliseconds.

    It happens in a copy of the course. On Linux, what `watch` takes up is told too: after the first save that counts,
    after the last, and while nothing happens. Raises CourseError where there is no terminal.
    """
    if sys.platform == "win32":
        raise CourseError("This measures on a POSIX terminal, which Windows has not.")
    lesson = find(slug)
    with _course_copy(lesson) as root, _watching(root) as (watch, screen):
        file = find(slug, root).starter / lesson.edit[0]
        text = file.read_bytes()
        waits_ms = []
        seed = b""
        taken: dict[str, object] = {}
        for count in range(WARM_UP + number):
            began = time.perf_counter()
            file.write_bytes(text + b" " * (count % 7) + b"\n")
            seed = _await_verdict(screen, seed)
            if count >= WARM_UP:
                waits_ms.append(round((time.perf_counter() - began) * 1000, 1))
            elif count == WARM_UP - 1 and PROC.exists():
                taken["first"] = footprint(watch)
        if PROC.exists():
            taken["idle_percent_of_a_core"] = share_of_a_core(watch, IDLE_S)
            taken["last"] = footprint(watch)
    ordered = sorted(waits_ms)
    return {
        "lesson": slug,
        "saves": number,
        "median_ms": statistics.median(waits_ms),
        "p95_ms": ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))],
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


@contextmanager
def _course_copy(lesson: Lesson) -> Iterator[Path]:
    """Copy the course, with this lesson solved and all before it passed, so that `watch` begins with it."""
    root = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    try:
        for part in PARTS:
            copy_tree(ROOT / part, root / part)
        shutil.copytree(root / "solutions" / lesson.slug, root / "lessons" / lesson.slug, dirs_exist_ok=True)
        passed = [f'[{known.slug}]\npassed_on = "2026-01-01"\n' for known in lessons() if known != lesson]
        (root / "progress.toml").write_text("\n".join(passed), encoding="utf-8")
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)  # what is still in use is swept by a later run


@contextmanager
def _watching(root: Path) -> Iterator[tuple[int, int]]:
    """Run `course watch` of the copy on a terminal of its own; hand out its process id, and what reads its screen."""
    import fcntl
    import termios

    screen, terminal = os.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 100, 0, 0))
    env = os.environ | {"PYTHONPATH": str(root), "TERM": "xterm-256color"}
    command = [sys.executable, "-c", WATCH]
    with subprocess.Popen(
        command, cwd=root, env=env, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True
    ) as watch:
        os.close(terminal)
        try:
            _await_verdict(screen, b"")
            yield watch.pid, screen
        finally:
            watch.terminate()
            watch.wait()
            os.close(screen)


def _await_verdict(screen: int, earlier: bytes) -> bytes:
    """Read the screen until a verdict with another seed than the `earlier` one stands there; return its seed."""
    seen = b""
    until = time.monotonic() + deadline_s(LONGEST_UNITS)
    while True:
        new = [seed for seed in VERDICT.findall(seen) if seed != earlier]
        if new:
            return bytes(new[-1])
        if not select.select([screen], [], [], max(0, until - time.monotonic()))[0]:
            raise CourseError(f"No verdict came within {deadline_s(LONGEST_UNITS):g} s.", "Is the machine very busy?")
        seen += os.read(screen, 65536)
