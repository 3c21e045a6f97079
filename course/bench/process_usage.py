"""What a program and all that it has started take up: processes, open files, memory, processor time."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import psutil

MIB = 2**20


def usage_of(pid: int) -> dict[str, float]:
    """Count processes and open files, and sum up memory in MiB, of a process and its descendants (Linux only).

    Memory that several share is shared out among them (PSS in Linux' /proc).
    """
    family = _family(pid)
    return {
        "processes": len(family),
        "open_files": _sum(family, lambda process: process.num_fds()),
        "memory_mb": round(_sum(family, lambda process: process.memory_full_info().pss) / MIB, 1),
    }


def share_of_a_core(pid: int, seconds: float) -> float:
    """Watch a process and its descendants for some seconds; return the share of a core that they used, in percent."""
    before = _processor_s(pid)
    time.sleep(seconds)  # what is measured is that nothing happens
    return round((_processor_s(pid) - before) / seconds * 100, 2)


def allow_files(number: int) -> None:
    """Let this process, and those that it starts, hold that many open files."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < number:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(number, hard) if hard >= 0 else number, hard))


def _family(pid: int) -> list[psutil.Process]:
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def _processor_s(pid: int) -> float:
    return _sum(_family(pid), lambda process: process.cpu_times().user + process.cpu_times().system)


def _sum(family: list[psutil.Process], number: Callable[[psutil.Process], float]) -> float:
    total = 0.0
    for process in family:
        try:
            total += number(process)
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            pass  # it has ended since it was listed
    return total
