"""What trees of processes use of the machine, read from /proc.

psutil, which benches use, looks at every process of the machine to find a child, and tells memory that is not shared by
a slow look at each map. That is too much for somebody who looks twenty times a second.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
UNSHARED = re.compile(rb"^(?:RssAnon|RssShmem|VmSwap):\s+(\d+) kB", re.MULTILINE)
FAIR_SHARE = re.compile(rb"^(?:Pss_Anon|Pss_Shmem|SwapPss):\s+(\d+) kB", re.MULTILINE)
SOCKETS = re.compile(rb"^sockets: used (\d+)")
THREADS = re.compile(rb"^Threads:\s+(\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Usage:
    """Memory, threads of all processes, and seconds of the processor, with those of children that have ended."""

    memory_bytes: int = 0
    threads: int = 0
    cpu_s: float = 0.0


def usage_below(pid: int, *, fairly: bool = False) -> Usage:
    """Return what the descendants of a process use.

    A page that two share counts twice, unless it is counted `fairly`, which takes some ten times as long.
    """
    memory = threads = 0
    ticks = _ticks(pid, of_children_only=True)
    for each in descendants(pid):
        status = _read(each, "status")
        threads += sum(map(int, THREADS.findall(status)))
        found = FAIR_SHARE.findall(_read(each, "smaps_rollup")) if fairly else UNSHARED.findall(status)
        memory += 1024 * sum(map(int, found))
        ticks += _ticks(each)
    return Usage(memory, threads, ticks / TICKS_A_SECOND)


def sockets_around(pid: int) -> int:
    """Return how many sockets there are in the network that a process is in."""
    return sum(map(int, SOCKETS.findall(_read(pid, "net/sockstat"))))


def total(parts: Iterable[Usage]) -> Usage:
    """Return the sum."""
    parts = list(parts)
    return Usage(sum(p.memory_bytes for p in parts), sum(p.threads for p in parts), sum(p.cpu_s for p in parts))


def descendants(pid: int) -> Iterator[int]:
    """Yield the processes that a process has started, with all that those have."""
    waiting = _children(pid)
    while waiting:
        yield (found := waiting.pop())
        waiting += _children(found)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (thread / "children").read_bytes().split())
    except OSError:
        pass  # it has ended meanwhile
    return found


def _ticks(pid: int, *, of_children_only: bool = False) -> int:
    fields = _read(pid, "stat").rpartition(b")")[2].split()
    return sum(map(int, fields[13 if of_children_only else 11 : 15]))  # utime, stime, cutime, cstime


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}", name).read_bytes()
    except OSError:
        return b""  # it has ended meanwhile
