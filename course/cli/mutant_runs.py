"""What `verify --mutants` prints: each survivor as a small diff, and how many were killed."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from course.authoring.mutants import kill_rates
from course.authoring.mutants.run import Chosen, choose, judge
from course.bench import stored_results
from course.catalog.lessons import Lesson
from course.console import out
from course.errors import CourseError

STYLES = {"-": "red", "+": "green"}


def verify_mutants(lessons: Sequence[Lesson], number: int, seed: int, *, plain: bool) -> int:
    """Judge `number` mutants of each lesson, 0 for all; store the kill rates; return the exit code."""
    killed = judged = faults = 0
    for lesson in lessons:
        chosen = choose(lesson, number, seed)
        for fault in chosen.faults:
            _tell_fault(f"{lesson.slug}, equivalent.toml: {fault}")
        faults += len(chosen.faults)
        try:
            survivors = _judge(lesson, chosen, plain=plain)
        except CourseError as error:  # the other lessons can be measured all the same
            _tell_fault(error.message)
            faults += 1
            continue
        killed, judged = killed + len(chosen.mutants) - survivors, judged + len(chosen.mutants)
        _keep(lesson, chosen, survivors, seed)
    out.print(f"{killed} of {judged} mutants killed ({kill_rates.rate(killed, judged)}).", markup=False)
    return 1 if faults or killed < judged else 0


def _judge(lesson: Lesson, chosen: Chosen, *, plain: bool) -> int:
    """Judge a lesson's mutants, print each survivor as file, line and diff, and return how many there are."""
    survivors, total = 0, len(chosen.mutants)
    with out.status(f"{lesson.slug}: its solution, before {total} mutants") as status:
        for done, verdict in enumerate(judge(lesson, chosen.mutants), 1):
            mutant = verdict.mutant
            if verdict.survives:
                survivors += 1
                _tell_fault(f"{lesson.slug}, {mutant.place}, {mutant.what}: {verdict.survives}")
                for line in mutant.diff.splitlines():
                    out.print(Text(f"    {line}", style=STYLES.get(line[:1], "")), soft_wrap=True)
            elif plain:
                out.print(f"killed {lesson.slug}, {mutant.place}, {mutant.what}", markup=False, soft_wrap=True)
            status.update(f"{lesson.slug}: {done} of {total} mutants, {survivors} survive")
    return survivors


def _keep(lesson: Lesson, chosen: Chosen, survivors: int, seed: int) -> None:
    """Store what came out, and say it in a line."""
    results = kill_rates.with_lesson(stored_results.load(kill_rates), lesson, chosen, survivors, seed)
    stored_results.store(kill_rates, results)
    stored_results.draw(kill_rates)
    total = len(chosen.mutants)
    share = kill_rates.rate(total - survivors, total)
    told = f"{total - survivors} of {total} mutants killed ({share}); it has {chosen.of}"
    out.print(
        f"{lesson.slug}: {told}, and {chosen.equivalent} equivalent ones (seed {seed}).", markup=False, soft_wrap=True
    )


def _tell_fault(text: str) -> None:
    out.print(Text.assemble(("✗ ", "bold red"), text), soft_wrap=True)
