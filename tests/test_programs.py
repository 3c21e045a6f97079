"""Bugs that nobody here had thought of, and correct programs written otherwise: each is judged rightly."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.catalog.checklist import checklist
from course.catalog.lessons import Lesson, lessons
from tests.conftest import each_lesson, need_programs
from tests.judge_programs import FOLDER, TREES, judge, programs


@pytest.mark.parametrize("lesson", each_lesson(lessons()))
def test_each_program_is_judged_rightly(lesson: Lesson) -> None:
    """A correct program passes; a bug fails the check that explains it, and is told no wrong cause."""
    need_programs(lesson)
    wrong = {}
    for program, outcome in judge(programs(lesson)):
        report = outcome.report
        checks = report.checks if report else ()
        if report and program.kind == "valid":  # which need not have the own part; a bug may be in it
            checks = report.of("guided")
        failed = {check.name: check for check in checks if check.status != "passed"}
        if report is None:
            wrong[program.id] = outcome.fault
        elif program.kind == "valid" and failed:
            wrong[program.id] = "; ".join(f"{name}: {check.failure or check.reason}" for name, check in failed.items())
        elif program.kind == "bug" and program.check not in failed:
            wrong[program.id] = f"{program.check} does not catch it (seed {report.seed})"
        elif program.kind == "bug":
            failure = failed[program.check].failure
            told = failure.cause if failure else ""
            if program.cause not in told or (told and not program.cause):
                wrong[program.id] = f"the cause that is told: {told!r}, not {program.cause!r}"

    assert wrong == {}


def test_the_manifest_names_what_is_there() -> None:
    """Each program has its line, and each line its program, its check and its sentence."""
    known = programs()
    folders = {(tree, path.name) for tree in TREES.values() for path in Path(FOLDER, tree).iterdir()}
    checks = {lesson: {check.name for check in checklist(lesson)} for lesson in lessons()}

    assert folders == {(TREES[program.kind], program.id) for program in known}
    assert [
        program.id for program in known if program.kind == "bug" and program.check not in checks[program.lesson]
    ] == []
    assert [program.id for program in known if not program.what] == []


def test_there_are_enough_of_them() -> None:
    """At least sixty bugs and sixty correct programs were written from the pages alone."""
    known = programs()

    assert sum(program.kind == "bug" for program in known) >= 60
    assert sum(program.kind == "valid" for program in known) >= 60
