"""The parent's side of a submission that is judged in a process of its own: it starts, waits, and checks what came."""

from __future__ import annotations

import dataclasses
import functools
import os
import queue
import tempfile
import threading
from typing import IO, Any

from course.catalog.checklist import checklist
from course.catalog.lessons import ROOT
from course.judging.runner_pool import LONGEST_UNITS, Job
from course.reports.clean import clean, clean_report
from course.reports.json import read_report, validated
from course.results import CheckResult, Report
from course.testbed.deadlines import deadline_s
from course.testbed.processes.environment import python
from course.testbed.processes.process import Process, spawn_program

TOLD_OF_LOG = 1500


class Judges:
    """The processes that judge submissions; whoever wants no more of them ends them all."""

    at_once = os.cpu_count() or 1

    def __init__(self, *, apart: bool = False) -> None:
        """Start none yet; what is judged at once is kept `apart`, each submission in a cage on a core of its own."""
        self._cores: queue.SimpleQueue[int] | None = _own_cores() if apart else None
        self._running = set[Process]()
        self._lock = threading.Lock()
        self._ended = False

    def judge(self, job: Job, seed: int) -> Report:
        """Judge a submission, and return its report: clean, valid, and never later than its time is over."""
        if self._cores is None or job.isolation != "caged":
            return self._judge(job, seed)
        core = self._cores.get()
        try:
            return self._judge(dataclasses.replace(job, core=core), seed)
        finally:
            self._cores.put(core)

    def _judge(self, job: Job, seed: int) -> Report:
        limit_s = deadline_s(LONGEST_UNITS)
        with tempfile.TemporaryFile() as log:
            process = self._start(job, seed, log)
            try:
                code = process.wait(limit_s)
            finally:
                self._end(process)
            if self._ended:  # nobody wants to know any more, and what came is cut off
                raise KeyboardInterrupt
            told = documents(process.output)
            whole = [report for kind, report in told if kind == "report"]
            if whole:
                return whole[-1]
            nothing = Report(job.lesson.slug, job.lesson.title, "", seed, ())
            if code is None:
                return _overdue(nothing, job, [check for _, report in told for check in report.checks], limit_s)
            fault = f"The process that judges ended with {code} and without a report. {_end_of(log)}"
            return clean_report(dataclasses.replace(nothing, course_error=fault.strip()))

    def close(self) -> None:
        """End every process, and let none begin."""
        with self._lock:
            self._ended = True
            left = self._running.copy()
        for process in left:
            process.kill()

    def _start(self, job: Job, seed: int, log: IO[bytes]) -> Process:
        with self._lock:
            if self._ended:
                raise KeyboardInterrupt
            command = python("-P", "-m", "course.grading.judge_one", job.to_json(), str(seed))
            # Its output is a pipe that carries reports alone.
            process = Process(command, cwd=ROOT, spawn=functools.partial(spawn_program, stderr=log))
            self._running.add(process)
        return process

    def _end(self, process: Process) -> None:
        process.kill()
        with self._lock:
            self._running.discard(process)


def _own_cores() -> queue.SimpleQueue[int] | None:
    """Return the cores that this process may use, where the system tells (Linux)."""
    if not hasattr(os, "sched_getaffinity"):
        return None
    cores: queue.SimpleQueue[int] = queue.SimpleQueue()
    for core in sorted(os.sched_getaffinity(0)):
        cores.put(core)
    return cores


def documents(output: str) -> list[tuple[str, Report]]:
    """Return what came up the pipe, as far as the schema allows it; a line that was cut off by the end is none."""
    found = []
    for line in output.split("\n"):
        try:
            document: dict[str, Any] = validated(line)
            found.append((str(document.get("kind")), clean_report(read_report(document))))
        except (ValueError, TypeError, RecursionError):
            continue
    return found


def _overdue(nothing: Report, job: Job, done: list[CheckResult], limit_s: float) -> Report:
    """Return the report of a submission that took too long: what it has passed counts, what was left was not run."""
    reason = f"Its {limit_s:g} s for all checks were over."
    known = {check.name for check in done}
    left = [
        CheckResult(
            check.name,
            check.title,
            check.hints,
            "not run",
            points=check.points,
            given=check.given,
            group=check.group,
            number=check.number,
            reason=reason,
        )
        for check in checklist(job.lesson)
        if check.name not in known and (job.include_slow or not check.slow)
    ]
    checks = tuple(sorted([*done, *left], key=lambda check: check.number))
    return dataclasses.replace(nothing, checks=checks, duration_ms=round(limit_s * 1000))


def _end_of(log: IO[bytes]) -> str:
    log.seek(0, 2)
    log.seek(max(0, log.tell() - TOLD_OF_LOG))
    return clean(log.read().decode("utf-8", "replace")).strip()
