"""Watches that the processes of one submission stay within their limits together, and ends them when they do not."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

from course.testbed.cage.limits import MB, Limits
from course.testbed.cage.usage import Usage, sockets_around, total, usage_below

LOOK_S = 0.05
FULL = 0.99


class Watcher:
    """Looks twenty times a second; `exceeded` says what was too much, and stays empty while nothing is."""

    def __init__(self, limits: Limits, copy: Path, end_all: Callable[[], None]) -> None:
        """Begin to watch nobody yet; `end_all` ends everybody when there is too much of anything."""
        self.exceeded = ""
        self._limits = limits
        self._copy = copy
        self._end_all = end_all
        self._watched: dict[int, Usage] = {}  # the supervisors, alive or not: time that was used stays used
        self._alive: set[int] = set()
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="limits of the cage", daemon=True)
        self._thread.start()

    def add(self, pid: int) -> None:
        """Watch what this process starts."""
        with self._lock:
            self._alive.add(pid)

    def remove(self, pid: int) -> None:
        """Look no more at a process that has ended: its number may be another's soon."""
        with self._lock:
            if pid in self._alive:  # it may have ended of too much on the disk, before anybody looked
                self.exceeded = self.exceeded or self._too_much_on_disk()
                self._alive.remove(pid)

    def close(self) -> None:
        """Watch no more."""
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._done.wait(LOOK_S):
            found = self.exceeded or self._look()
            with self._lock:
                self.exceeded = self.exceeded or found
            if found:
                self._end_all()

    def _look(self) -> str:
        with self._lock:
            self._watched |= {pid: usage_below(pid) for pid in self._alive}
            now = total(self._watched[pid] for pid in self._alive)
            cpu_s = sum(each.cpu_s for each in self._watched.values())
            if now.memory_bytes > self._limits.memory_bytes:
                now = total(usage_below(pid, fairly=True) for pid in self._alive)
            sockets = max(map(sockets_around, self._alive), default=0)
        return self._verdict(now, cpu_s, sockets)

    def _verdict(self, now: Usage, cpu_s: float, sockets: int) -> str:
        limits = self._limits
        if now.memory_bytes > limits.memory_bytes:
            return f"more than {limits.memory_bytes // MB} MB of memory"
        if now.threads > limits.processes:
            return f"more than {limits.processes} processes and threads"
        if cpu_s > limits.cpu_s:
            return f"more than {limits.cpu_s} s of processor time"
        if sockets > limits.sockets:
            return f"more than {limits.sockets} sockets"
        return self._too_much_on_disk()

    def _too_much_on_disk(self) -> str:
        disk = os.statvfs(self._copy)
        if disk.f_bavail < (1 - FULL) * disk.f_blocks:
            return f"more than {self._limits.copy_bytes // MB} MB of files"
        return "" if disk.f_favail else f"more than {self._limits.files} files"
