"""Runs of `course check` in processes of their own, side by side."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from course.catalog import ROOT
from course.reports.json import from_json
from course.results import Report
from course.testbed.deadlines import deadline_s
from course.testbed.process import Process
from course.testbed.server import python

LONGEST_UNITS = 180.0
Job = TypeVar("Job")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Outcome:
    """The report of a run, or why there is none."""

    report: Report | None
    fault: str = ""


def check_apart(arguments: Sequence[str]) -> Outcome:
    """Run `course check` with these arguments in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="course-apart-") as folder:
        file = Path(folder, "report.json")
        command = python("-P", "-m", "course", "check", *arguments, "--plain", "--json", str(file))
        process = Process(command, cwd=ROOT)
        try:
            code = process.wait(deadline_s(LONGEST_UNITS))
        finally:
            process.kill()
        if code is None:
            return Outcome(None, f"no outcome within {deadline_s(LONGEST_UNITS):g} s")
        if not file.exists():
            return Outcome(None, f"no report: {process.output[-500:]}")
        return Outcome(from_json(file.read_text(encoding="utf-8"))[0])


def side_by_side(jobs: Sequence[Job], work: Callable[[Job], Result]) -> Iterator[tuple[Job, Result]]:
    """Do the work of each job, as many at once as there are cores; yield each as it is done."""
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        begun: dict[Future[Result], Job] = {pool.submit(work, job): job for job in jobs}
        for future in as_completed(begun):
            yield begun[future], future.result()
    finally:
        pool.shutdown(cancel_futures=True)
