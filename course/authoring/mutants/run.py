"""Judges mutants by all checks of their lesson: one that no check notices survives."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from course.authoring.mutants.change import Mutant
from course.authoring.mutants.equivalents import equivalents, faults
from course.authoring.mutants.text_mutants import mutants_of
from course.catalog.lessons import Lesson
from course.errors import CourseError
from course.judging.runner_pool import Job, Outcome, run_warm
from course.project.scratch_copy import copy_tree


@dataclass(frozen=True)
class Chosen:
    """The mutants of a lesson that are to be judged, of how many, and what is wrong with its `equivalent.toml`."""

    mutants: tuple[Mutant, ...]
    of: int  # equivalent ones are not among them
    equivalent: int
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """One mutant, and why it survives: empty where a check has failed, or the project does not start."""

    mutant: Mutant
    survives: str


def choose(lesson: Lesson, number: int, seed: int) -> Chosen:
    """Choose `number` of the lesson's mutants by chance, the same for the same seed; 0 stands for all."""
    entries, made = equivalents(lesson), mutants_of(lesson)
    left = [mutant for mutant in made if not any(entry.fits(mutant) for entry in entries)]
    chance = random.Random(f"{lesson.slug} {seed}")
    picked = chance.sample(range(len(left)), number) if 0 < number < len(left) else range(len(left))
    mutants = tuple(left[place] for place in sorted(picked))
    return Chosen(mutants, len(left), len(made) - len(left), tuple(faults(entries, made)))


def judge(lesson: Lesson, mutants: Sequence[Mutant]) -> Iterator[Verdict]:
    """Judge the mutants, as many at once as there are cores; yield each as it is through.

    Raises CourseError where the solution itself, which is judged first, does not pass: then a failure says nothing.
    """
    with tempfile.TemporaryDirectory(prefix="course-mutants-") as home:
        jobs = [_job(lesson, None, Path(home, "solution"))]
        jobs += [_job(lesson, mutant, Path(home, f"{number:06}")) for number, mutant in enumerate(mutants)]
        for number, outcome in run_warm(jobs):
            if number:
                yield Verdict(mutants[number - 1], _survives(outcome))
            elif outcome.report is None or not outcome.report.all_passed:
                why = outcome.report.trouble or outcome.report.course_error if outcome.report else outcome.fault
                raise CourseError(f"The solution of {lesson.slug} does not pass: {why}", "Mend that first.")


def _job(lesson: Lesson, mutant: Mutant | None, project: Path) -> Job:
    """Compose the solved project with a mutant in it."""
    for tree in (lesson.starter, lesson.solution):
        copy_tree(tree, project)
    if mutant:
        (project / mutant.file).write_text(mutant.text, encoding="utf-8")
    return Job(lesson, project=project, include_slow=True, stop_at_failure=True)


def _survives(outcome: Outcome) -> str:
    report = outcome.report
    if report is None:
        return f"has no verdict ({outcome.fault})"
    failed = any(check.status == "failed" for check in report.checks)
    if failed or report.problem:
        return ""
    errors = [check.reason for check in report.checks if check.status == "error"]
    if report.course_error or errors:
        return f"makes the course itself fail ({(report.course_error or errors[0]).strip().splitlines()[-1]})"
    return "survives"
