"""The worker of `course run`: its lines carry the time of the student's own clock."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from course.student import dev_server
from course.testbed.deadlines import deadline_s

LINES = """\
import threading
print("03:04:05 default: tea", flush=True)
print("a 03:04:05 b", flush=True)
threading.Event().wait()
"""


def test_the_workers_lines_carry_the_time_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Django sets a worker's clock by the project's TIME_ZONE; a person reads the one on the wall."""
    monkeypatch.setattr(dev_server, "python", lambda *_: ["python3", "-c", LINES])
    lines: list[str] = []
    both = threading.Event()

    def hear(line: str) -> None:
        lines.append(line)
        if len(lines) == 2:
            both.set()

    earliest = time.strftime("%H:%M:%S")
    worker = dev_server._worker(tmp_path, {}, hear)
    assert both.wait(deadline_s(20))
    worker.stop()

    assert lines[0] in {f"{at} default: tea" for at in (earliest, *_seconds_since(earliest))}
    assert lines[1] == "a 03:04:05 b"


def _seconds_since(earliest: str) -> list[str]:
    """Return the clock's readings of the last seconds, from the earliest on."""
    now = time.time()
    return [time.strftime("%H:%M:%S", time.localtime(now - ago)) for ago in range(25)]
