"""Proves that a verdict does not depend on what ran before: each check alone, all shuffled, all in their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from course.authoring.verify import Proof
from course.catalog.checklist import checklist
from course.catalog.lessons import Lesson
from course.judging.runner_pool import Job, run_warm
from course.results import Report

SHUFFLES = 2  # of the solution and of the starter


def prove_order(lessons: Sequence[Lesson]) -> Iterator[Proof]:
    """Judge solutions and starters whole, shuffled, and check by check; yield each run, with where it differs."""
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
            if check.name in wanted and _is_pass(check.status) != _is_pass(wanted[check.name])
        ]
        yield Proof(f"{job.lesson.slug}, {_how(job)}, compared", "; ".join(wrong), done, 2 * len(jobs))


def _jobs(lesson: Lesson) -> Iterator[Job]:
    for solved in (True, False):
        job = Job(lesson, solved=solved)
        yield job
        yield from [replace(job, shuffled=True)] * SHUFFLES
        yield from (replace(job, only=(check.name,)) for check in checklist(lesson) if not check.slow)


def _how(job: Job) -> str:
    return "alone" if job.only else "shuffled" if job.shuffled else "whole"


def _is_pass(status: str) -> bool:
    return status == "passed"
