"""The course's proof of itself: each lesson's solution, starter and mistakes, judged as a student's work would be."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from course.catalog.checklist import Check, checklist
from course.catalog.lessons import ROOT, Lesson
from course.catalog.mistakes import Mistake, mistakes
from course.judging.runner_pool import Job, Outcome, run_cold, run_warm
from course.results import Report
from course.testbed.processes.environment import python
from course.testbed.processes.process import Process

SHUFFLES = 2  # of the solution and of the starter
OWN_CHECKS, OWN_HINTS, OWN_MISTAKES = range(2, 5), 3, 4  # how many an own part has; of mistakes at least


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
    def job(self) -> Job:
        """Return what is to be run; the solution is checked whole."""
        if self.mistake:
            return Job(self.lesson, mistake=self.mistake.name, only=(self.mistake.caught_by,))
        return Job(self.lesson, solved=not self.starter, include_slow=not self.starter)

    def fault(self, report: Report) -> str:
        """Return what is wrong with the outcome, or an empty text."""
        status: dict[str, str] = {check.name: check.status for check in report.checks}
        if report.course_error or "error" in status.values():
            reasons = [check.reason for check in report.checks if check.status == "error"]
            return f"the course itself failed: {report.course_error or reasons[0]}"
        if self.mistake:
            if report.problem and not (self.mistake.sign or self.mistake.source):
                return f"it does not even start, and has no sign: {report.problem}"  # a slip of the edit, as a rule
            return _mistake_fault(self.mistake, report)
        if self.starter and report.problem:
            return f"the starter does not even start: {report.problem}"
        given = {check.name for check in checklist(self.lesson) if check.given}
        wanted = {name: "passed" if name in given or not self.starter else "failed" for name in status}
        came = {name: "failed" if outcome == "not run" else outcome for name, outcome in status.items()}
        wrong = [f"{name} {status[name]}" for name in status if came[name] != wanted[name]]
        return f"{', '.join(wrong)} (seed {report.seed})" if wrong else ""

    def differences(self, cold: Report, warm: Report) -> list[str]:
        """Return where two verdicts differ: in a check's status, or in the likely cause that it names.

        Of a mistake, the cause counts in the check that catches it. Of one that is a race, that check alone counts.
        """
        one, other = self._outline(cold), self._outline(warm)
        return [
            f"{name} came out as {one.get(name, 'nothing')} cold, and as {other.get(name, 'nothing')} warm"
            for name in one | other
            if one.get(name) != other.get(name)
        ]

    def _outline(self, report: Report) -> dict[str, str]:
        outline: dict[str, str] = {"the start": "failed" if report.problem else "passed"}
        for check in report.checks:
            catches = self.mistake is None or check.name == self.mistake.caught_by
            if self.mistake and self.mistake.race and not catches:
                continue
            outline[check.name] = check.status
            if check.failure and catches:
                outline[check.name] += f" ({check.failure.likely or 'no cause named'})"
        return outline


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
            for _ in range(os.cpu_count() or 1):
                stack.callback(Process(python("-c", "while True: pass"), cwd=ROOT).kill)
        outcomes = (run_warm if warm else run_cold)([run.job for run in runs])
        for done, (number, outcome) in enumerate(outcomes, len(lessons) + 1):
            run = runs[number]
            yield Proof(run.name, run.fault(outcome.report) if outcome.report else outcome.fault, done, total)


def compare(lessons: Sequence[Lesson]) -> Iterator[Proof]:
    """Judge the solutions, starters and mistakes of the lessons both cold and warm, by all checks of their lesson.

    Yield each run; where a check comes out in two ways, that is the fault of the second.
    """
    runs = [run for lesson in lessons for run in runs_of(lesson)]
    jobs = [replace(run.job, only=()) for run in runs]
    cold: dict[int, Outcome] = {}
    for done, (number, outcome) in enumerate(run_cold(jobs), 1):
        cold[number] = outcome
        yield Proof(f"{runs[number].name}, cold", outcome.fault, done, 2 * len(runs))
    for done, (number, warm) in enumerate(run_warm(jobs), len(runs) + 1):
        first = cold[number].report
        fault = "; ".join(runs[number].differences(first, warm.report)) if first and warm.report else warm.fault
        yield Proof(f"{runs[number].name}, warm", fault, done, 2 * len(runs))


def prove_order(lessons: Sequence[Lesson]) -> Iterator[Proof]:
    """Prove that a verdict does not depend on what ran before.

    Solutions and starters are judged whole, shuffled, and check by check; yield each run, with where it differs.
    """
    jobs = [job for lesson in lessons for job in _jobs(lesson)]
    whole: dict[tuple[Lesson, bool], dict[str, str]] = {}
    later: list[tuple[Job, Report]] = []
    for done, (number, outcome) in enumerate(run_warm(jobs), 1):
        job = jobs[number]
        name = f"{job.lesson.slug}, {'solution' if job.solved else 'starter'}, {_how(job)}"
        yield Proof(name, outcome.fault, done, 2 * len(jobs))
        if outcome.report and _how(job) == "whole":
            whole[job.lesson, job.solved] = {check.name: check.status for check in outcome.report.checks}
        elif outcome.report:
            later.append((job, outcome.report))
    for done, (job, report) in enumerate(later, len(jobs) + 1):
        wanted = whole.get((job.lesson, job.solved), {})
        wrong = [
            f"{check.name}: {check.status} {_how(job)}, {wanted[check.name]} among the others (seed {report.seed})"
            for check in report.checks
            if check.name in wanted and (check.status == "passed") != (wanted[check.name] == "passed")
        ]
        yield Proof(f"{job.lesson.slug}, {_how(job)}, compared", "; ".join(wrong), done, 2 * len(jobs))


def runs_of(lesson: Lesson) -> list[Run]:
    """Return the runs that prove a lesson."""
    return [Run(lesson), Run(lesson, starter=True), *(Run(lesson, mistake) for mistake in mistakes(lesson))]


def catalogue_fault(lesson: Lesson) -> str:
    """Return what is wrong with the lesson's catalogue: each check catches a mistake, each mistake names a check.

    An own part comes after the guided checks, with three hints to each of its checks and mistakes enough.
    """
    listed, caught = checklist(lesson), [mistake.caught_by for mistake in mistakes(lesson)]
    checks, caught_by = {check.name for check in listed}, set(caught)
    if unknown := caught_by - checks:
        return f"mistakes name checks that do not exist: {', '.join(sorted(unknown))}"
    if idle := checks - caught_by:
        return f"no mistake proves these checks: {', '.join(sorted(idle))}"
    return _own_fault([check for check in listed if check.group == "own"], len(listed), caught)


def _own_fault(own: Sequence[Check], number: int, caught: Sequence[str]) -> str:
    if not own:
        return ""
    names = {check.name for check in own}
    if sorted(check.number for check in own) != list(range(number - len(own) + 1, number + 1)):
        return "own checks stand after the guided ones"
    if wrong := [check.name for check in own if check.given or len(check.hints) != OWN_HINTS]:
        return f"an own check has three hints and is not given: {', '.join(wrong)}"
    if len(own) not in OWN_CHECKS:
        return f"an own part has two to four checks, not {len(own)}"
    made = sum(name in names for name in caught)
    return f"{made} mistakes prove the own part; {OWN_MISTAKES} are the least" if made < OWN_MISTAKES else ""


def _mistake_fault(mistake: Mistake, report: Report) -> str:
    check = report.checks[0]
    if check.failure is None:
        return f"{mistake.caught_by} does not catch it (seed {report.seed})"
    if (mistake.sign or mistake.source) and check.failure.likely != mistake.name:
        return f"the story names '{check.failure.likely or 'nothing'}' as the likely cause (seed {report.seed})"
    return ""


def _jobs(lesson: Lesson) -> Iterator[Job]:
    for solved in (True, False):
        job = Job(lesson, solved=solved)
        yield job
        yield from [replace(job, shuffled=True)] * SHUFFLES
        yield from (replace(job, only=(check.name,)) for check in checklist(lesson) if not check.slow)


def _how(job: Job) -> str:
    return "alone" if job.only else "shuffled" if job.shuffled else "whole"
