"""What a program and all that it has started take up: processes, open files, memory, processor time (Linux only)."""

from __future__ import annotations

import os
import time
from pathlib import Path

PROC = Path("/proc")


def usage_of(pid: int) -> dict[str, float]:
    """Count processes and open files, and sum up memory in MB, of a process and its descendants.

    Memory that several share is shared out among them (PSS in Linux' /proc).
    """
    members = _family(pid)
    return {
        "processes": len(members),
        "open_files": sum(_files(member) for member in members),
        "memory_mb": round(sum(_memory_kb(member) for member in members) / 1024, 1),
    }


def share_of_a_core(pid: int, seconds: float) -> float:
    """Watch a process and its descendants for some seconds; return the share of a core that they used, in percent."""
    before = _ticks(pid)
    time.sleep(seconds)  # what is measured is that nothing happens
    return round((_ticks(pid) - before) / os.sysconf("SC_CLK_TCK") / seconds * 100, 2)


def _family(pid: int) -> list[int]:
    """Return a process and its descendants."""
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            fields = _stat(int(entry.name))
            if fields:
                children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the state on, none for a process that has ended."""
    try:
        return (PROC / f"{pid}" / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _ticks(pid: int) -> int:
    return sum(int(fields[11]) + int(fields[12]) for member in _family(pid) if (fields := _stat(member)))


def _files(pid: int) -> int:
    try:
        return len(list((PROC / f"{pid}" / "fd").iterdir()))
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _memory_kb(pid: int) -> int:
    try:
        lines = (PROC / f"{pid}" / "smaps_rollup").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
