"""The course's proof of itself: each lesson's solution, starter and mistakes, judged as a student's work would be."""

from __future__ import annotations

import json
import os
import queue
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.apart import check_apart, side_by_side
from course.catalog import ROOT, Lesson
from course.checklist import checklist
from course.mistakes import Mistake, mistakes
from course.results import Report
from course.testbed.process import Process
from course.testbed.server import python


@dataclass(frozen=True)
class Proof:
    """One thing that was proved, or the fault that was found; `done` of `total` runs are through."""

    name: str
    fault: str
    done: int
    total: int


@dataclass(frozen=True)
class Run:
    """One run of `course check` and what must come out of it."""

    lesson: Lesson
    mistake: Mistake | None = None
    starter: bool = False

    @property
    def name(self) -> str:
        """Say which project is judged."""
        if self.mistake:
            return f"{self.lesson.slug}, mistake {self.mistake.name}"
        return f"{self.lesson.slug}, {'starter' if self.starter else 'solution'}"

    @property
    def arguments(self) -> list[str]:
        """Return the arguments of `course check`."""
        if self.mistake:
            return [self.lesson.slug, "--mistake", self.mistake.name, "--only", self.mistake.caught_by]
        if self.starter:
            return [self.lesson.slug, "--project", str(self.lesson.starter)]
        return [self.lesson.slug, "--solution", "--all"]

    @property
    def options(self) -> dict[str, Any]:
        """Return the same for `session.run_checks`."""
        if self.mistake:
            return {"mistake": self.mistake, "only": (self.mistake.caught_by,)}
        return {"solved": not self.starter}

    def fault(self, report: Report) -> str:
        """Return what is wrong with the outcome, or an empty text."""
        status: dict[str, str] = {check.name: check.status for check in report.checks}
        if report.course_error or "error" in status.values():
            reasons = [check.reason for check in report.checks if check.status == "error"]
            return f"the course itself failed: {report.course_error or reasons[0]}"
        if self.mistake:
            return _mistake_fault(self.mistake, report)
        if self.starter and report.problem:
            return f"the starter does not even start: {report.problem}"
        given = {check.name for check in checklist(self.lesson) if check.given}
        wanted = {name: "passed" if name in given or not self.starter else "failed" for name in status}
        wrong = [f"{name} {status[name]}" for name in status if status[name] != wanted[name]]
        return f"{', '.join(wrong)} (seed {report.seed})" if wrong else ""


def prove(lessons: Sequence[Lesson], *, rounds: int = 1, load: bool = False, warm: bool = False) -> Iterator[Proof]:
    """Prove the lessons, as many runs side by side as there are cores; yield each proof as it is through.

    With `warm` the runs share preloaded parents; else each is a process of its own, as a student's would be.
    """
    runs = [run for _ in range(rounds) for lesson in lessons for run in runs_of(lesson)]
    total = len(runs) + len(lessons)
    for done, lesson in enumerate(lessons, 1):
        yield Proof(f"{lesson.slug}, catalogue", catalogue_fault(lesson), done, total)
    with ExitStack() as stack:
        if load:
            stack.enter_context(_busy_cores())
        outcomes = judge_warm(runs) if warm else side_by_side(runs, judge)
        for done, (run, fault) in enumerate(outcomes, len(lessons) + 1):
            yield Proof(run.name, fault, done, total)


def runs_of(lesson: Lesson) -> list[Run]:
    """Return the runs that prove a lesson."""
    return [Run(lesson), Run(lesson, starter=True), *(Run(lesson, mistake) for mistake in mistakes(lesson))]


def catalogue_fault(lesson: Lesson) -> str:
    """Return what is wrong with the lesson's catalogue: each check catches a mistake, each mistake names a check."""
    checks = {check.name for check in checklist(lesson)}
    caught_by = {mistake.caught_by for mistake in mistakes(lesson)}
    if unknown := caught_by - checks:
        return f"mistakes name checks that do not exist: {', '.join(sorted(unknown))}"
    if idle := checks - caught_by:
        return f"no mistake proves these checks: {', '.join(sorted(idle))}"
    return ""


def judge(run: Run) -> str:
    """Judge one project in a process of its own; return the fault, or an empty text."""
    outcome = check_apart(run.arguments)
    return run.fault(outcome.report) if outcome.report else outcome.fault


def judge_warm(runs: Sequence[Run]) -> Iterator[tuple[Run, str]]:
    """Judge the runs in a few processes that keep what is slow to start; yield each run and its fault."""
    told: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    left = set(range(len(runs)))
    with tempfile.TemporaryDirectory(prefix="course-verify-") as folder, ExitStack() as stack:
        cores = os.cpu_count() or 1
        provers = [
            _prover(runs, list(left)[core::cores], Path(folder, f"{core}.json"), told.put) for core in range(cores)
        ]
        for prover in provers:
            stack.callback(prover.kill)
            threading.Thread(target=_tell_end, args=(prover, told), daemon=True).start()
        ended = 0
        while left and ended < len(provers):
            line = told.get()
            if line is None:
                ended += 1
            elif line.startswith("["):
                number, fault = json.loads(line)
                left.discard(number)
                yield runs[number], fault
    for number in sorted(left):
        yield runs[number], "its prover ended before it was judged"


def _tell_end(prover: Process, told: queue.SimpleQueue[str | None]) -> None:
    prover.wait(None)
    told.put(None)


def _prover(runs: Sequence[Run], numbers: list[int], file: Path, told: Callable[[str], None]) -> Process:
    chosen = [(number, runs[number]) for number in numbers]
    jobs = [(i, run.lesson.slug, run.mistake.name if run.mistake else "", run.starter) for i, run in chosen]
    file.write_text(json.dumps(jobs), encoding="utf-8")
    return Process(python("-P", "-m", "course.prover", str(file)), cwd=ROOT, on_line=told)


def _mistake_fault(mistake: Mistake, report: Report) -> str:
    check = report.checks[0]
    if check.failure is None:
        return f"{mistake.caught_by} does not catch it (seed {report.seed})"
    if mistake.sign and check.failure.likely != mistake.name:
        return f"the story names '{check.failure.likely or 'nothing'}' as the likely cause (seed {report.seed})"
    return ""


@contextmanager
def _busy_cores() -> Iterator[None]:
    with ExitStack() as stack:
        for _ in range(os.cpu_count() or 1):
            busy = Process(python("-c", "while True: pass"), cwd=ROOT)
            stack.callback(busy.kill)
        yield
