"""Runs of checks in processes of their own, side by side."""

from __future__ import annotations

import json
import os
import queue
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.catalog.lessons import ROOT, Lesson, find
from course.catalog.mistakes import find_mistake
from course.judging.session import run_checks
from course.reports.json import from_json
from course.results import Isolation, Report
from course.testbed.deadlines import deadline_s
from course.testbed.processes.environment import python
from course.testbed.processes.forkserver_client import Forkserver
from course.testbed.processes.process import Process

LONGEST_UNITS = 180.0
OVERDUE = "no outcome within {:g} s"


@dataclass(frozen=True)
class Job:
    """Which project is to be checked, and how; see `session.run_checks`."""

    lesson: Lesson
    project: Path | None = None
    solved: bool = False
    mistake: str = ""
    only: tuple[str, ...] = ()
    include_slow: bool = False
    stop_at_failure: bool = False
    shuffled: bool = False
    isolation: Isolation = "none"
    core: int | None = None  # to which the processes of a caged project keep

    @property
    def arguments(self) -> list[str]:
        """Return the arguments of `course check`. A student's own project is named, so that nothing is written down."""
        project = [] if self.solved or self.mistake else ["--project", str(self.project or self.lesson.starter)]
        return [
            self.lesson.slug,
            *project,
            *(["--solution"] if self.solved else []),
            *(["--mistake", self.mistake] if self.mistake else []),
            *(word for name in self.only for word in ("--only", name)),
            *(["--all"] if self.include_slow else []),
            *(["--isolation", self.isolation] if project else []),
        ]

    def run(self, **options: Any) -> Report:
        """Run it in this process; more options go to `session.run_checks`."""
        mistake = find_mistake(self.lesson, self.mistake) if self.mistake else None
        return run_checks(**vars(self) | {"mistake": mistake}, **options)

    def to_json(self) -> str:
        """Return it as text, for a runner."""
        names = {"lesson": self.lesson.slug, "root": str(self.lesson.root)}
        return json.dumps(vars(self) | names | {"project": self.project and str(self.project)})

    @staticmethod
    def from_json(text: str) -> Job:
        """Return the job that a text stands for."""
        facts = json.loads(text)
        project = facts["project"] and Path(facts["project"])
        lesson = find(facts["lesson"], Path(facts.pop("root")))
        return Job(**facts | {"lesson": lesson, "project": project, "only": tuple(facts["only"])})


@dataclass(frozen=True)
class Outcome:
    """The report of a run, or why there is none."""

    report: Report | None
    fault: str = ""


def run_cold(jobs: Sequence[Job]) -> Iterator[tuple[int, Outcome]]:
    """Run `course check` for each job, as many at once as there are cores; yield its number and outcome when done."""
    pool, running = ThreadPoolExecutor(os.cpu_count()), set[Process]()
    try:
        begun: dict[Future[Outcome], int] = {pool.submit(_check, job, running): i for i, job in enumerate(jobs)}
        for future in as_completed(begun):
            yield begun[future], future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in running.copy():  # there are some when nobody wants the rest: after Ctrl-C, for one
            process.kill()
        pool.shutdown()


def run_warm(jobs: Sequence[Job], runners: int | None = None) -> Iterator[tuple[int, Outcome]]:
    """Run the jobs in a few processes that keep open what is slow to start; yield as `run_cold` does.

    There are as many `runners` as cores, unless a number is given. They take the jobs in their order.
    """
    # A runner leaves no report of a job that took too long.
    overdue = OVERDUE.format(deadline_s(LONGEST_UNITS))
    for number, file in in_pool("course.judging.pool_runner", [job.to_json() for job in jobs], runners):
        yield number, _outcome(file, overdue) if isinstance(file, Path) else Outcome(None, file)


def in_pool(module: str, jobs: Sequence[str], runners: int | None = None) -> Iterator[tuple[int, Path | str]]:
    """Let a few processes of `module` take the jobs; yield a job's number, and the file that it may have left.

    Where no runner has come to its end, the reason is in the file's place. A runner is started with the folder of the
    jobs and the address of the preloaded parent that all share. It takes jobs as `claimed` hands them out, and prints
    `done NUMBER` for each.
    """
    told: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    left = set(range(len(jobs)))
    with tempfile.TemporaryDirectory(prefix="course-apart-") as home, ExitStack() as stack:
        for number, job in enumerate(jobs):
            Path(home, f"{number:06}.job").write_text(job, encoding="utf-8")
        parent = stack.enter_context(closing(Forkserver()))
        working, said = min(runners or os.cpu_count() or 1, len(jobs)), ""
        for _ in range(working):
            runner = Process(python("-P", "-m", module, home, parent.address), cwd=ROOT, on_line=told.put)
            stack.callback(runner.kill)
            threading.Thread(target=_tell_end, args=(runner, told), daemon=True).start()
        while left and working:
            line = told.get()
            if line is None:
                working -= 1
            elif line.startswith("done "):
                number = int(line.split()[1])
                left.discard(number)
                yield number, Path(home, f"{number:06}.json")
            else:
                said = line
    for number in sorted(left):
        yield number, f"its runner ended before it was done. {said}".strip()


def _check(job: Job, running: set[Process]) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="course-apart-") as home:
        file = Path(home, "report.json")
        command = python("-P", "-m", "course", "check", *job.arguments, "--plain", "--json", str(file))
        process = Process(command, cwd=ROOT)
        running.add(process)
        try:
            code = process.wait(deadline_s(LONGEST_UNITS))
        finally:
            running.discard(process)
            process.kill()
        if code is None:
            return Outcome(None, OVERDUE.format(deadline_s(LONGEST_UNITS)))
        return _outcome(file, f"no report: {process.output[-500:]}")


def _outcome(file: Path, fault: str) -> Outcome:
    """Return the report that a run has left in a file, or the fault where it has left none."""
    if not file.exists():
        return Outcome(None, fault)
    return Outcome(from_json(file.read_text(encoding="utf-8"))[0])


def claimed(folder: Path) -> Iterator[Path]:
    """Yield the jobs of a folder that nobody else has: of two runners, the one who renames a job first has it."""
    for file in sorted(folder.glob("*.job")):
        mine = file.with_suffix(".mine")
        try:
            file.rename(mine)
        except FileNotFoundError:
            continue  # another runner was quicker
        yield mine


def _tell_end(runner: Process, told: queue.SimpleQueue[str | None]) -> None:
    runner.wait(None)
    told.put(None)
