"""Judges the programs of tests/programs: bugs that nobody here had thought of, and correct programs written otherwise.

    python -m tests.judge_programs [ID or beginning of one …]

prints a line for each: what came out, which checks fail, and the cause that is told.
"""

from __future__ import annotations

import csv
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from course.catalog.lessons import ROOT, Lesson, find
from course.catalog.solution_parts import guided_part
from course.judging.runner_pool import Job, Outcome, run_warm
from course.project.scratch_copy import PREFIX, copy_tree
from course.testbed.tools.lesson_needs import lacking

FOLDER = ROOT / "tests" / "programs"
TREES = {"bug": "bugs", "valid": "valid"}


@dataclass(frozen=True)
class Program:
    """One program: the files that differ from the lesson with the guided solution over it, and what is known of it.

    Its `kind` is a bug, or valid. `check` must fail on a bug, and `cause` is what must be told of it then: a part of
    the sentence, or nothing.
    """

    id: str
    kind: str
    lesson: Lesson
    what: str
    check: str
    cause: str

    def build(self, target: Path) -> None:
        """Compose the whole project in a folder."""
        copy_tree(self.lesson.starter, target)
        copy_tree(self.lesson.solution, target)
        for path in target.rglob("*.py"):
            path.write_text(guided_part(path.read_text(encoding="utf-8")), encoding="utf-8")
        folder = FOLDER / TREES[self.kind] / self.id
        shutil.copytree(folder, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".delete"))
        if (folder / ".delete").exists():
            for name in (folder / ".delete").read_text(encoding="utf-8").split():
                (target / name).unlink()


def programs(lesson: Lesson | None = None) -> list[Program]:
    """Return the programs of a lesson, or all."""
    with (FOLDER / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, escapechar="\\"))
    found = [
        Program(row["id"], row["kind"], find(row["lesson"]), row["what"], row["check"], row["cause"]) for row in rows
    ]
    return [program for program in found if lesson in (None, program.lesson)]


def judge(chosen: Sequence[Program], runners: int | None = None) -> Iterator[tuple[Program, Outcome]]:
    """Judge programs side by side, each by the checks that it needs: a bug that is known by the one that catches it."""
    with tempfile.TemporaryDirectory(prefix=PREFIX) as home:
        jobs = []
        for program in chosen:
            target = Path(home, program.id)
            program.build(target)
            only = (program.check,) if program.kind == "bug" and program.check else ()
            jobs.append(Job(program.lesson, project=target, only=only, include_slow=True))
        for number, outcome in run_warm(jobs, runners):
            yield chosen[number], outcome


def main() -> None:
    """Judge what is named, or all, and print a table."""
    wanted = tuple(sys.argv[1:])
    chosen = [p for p in programs() if (not wanted or p.id.startswith(wanted)) and not lacking(p.lesson)]
    write = sys.stdout.write
    for program, outcome in judge(chosen):
        report = outcome.report
        if report is None:
            write(f"{program.kind}\t{program.id}\tNO REPORT\t{outcome.fault}\n")
            continue
        failed = [check for check in report.checks if check.status != "passed"]
        names = ",".join(check.name.removeprefix("test_") for check in failed)
        first = failed[0].failure if failed else None
        told = (
            [f"{'FACT' if first.confirmed else 'ASKS'} {first.likely}: {first.cause}" if first.cause else "-"]
            if first
            else []
        )
        said = " ".join((first.message if first else failed[0].reason if failed else "").split())[:160]
        got = "pass" if report.passed else "fail"
        verdict = "ok " if (got == "pass") == (program.kind == "valid") else "NOT"
        write("\t".join([verdict, program.kind, program.id, got, names[:150], said, *told]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
