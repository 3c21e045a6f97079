"""Runs side by side: every job gets its report, and a runner that dies is told."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from course.catalog.lessons import find
from course.judging.runner_pool import Job, run_cold, run_warm
from course.project.scratch_copy import copy_tree
from course.testbed.deadlines import deadline_s


def test_a_job_survives_the_way_to_its_runner(tmp_path: Path) -> None:
    """What a runner reads is the job that was written."""
    job = Job(find("02"), project=tmp_path, mistake="never-accepts", only=("one", "two"), include_slow=True)

    assert Job.from_json(job.to_json()) == job


def test_every_job_gets_its_report() -> None:
    """Two runners share five jobs; each job is judged once, and its report is its own."""
    lessons = [find(number) for number in ("02", "03", "02", "03", "02")]
    jobs = [Job(lesson, solved=number < 3) for number, lesson in enumerate(lessons)]

    outcomes = dict(run_warm(jobs, 2))

    reports = [outcomes[number].report for number in range(5)]
    assert [report.lesson for report in reports if report] == [lesson.slug for lesson in lessons]
    assert [report.passed for report in reports if report] == [True, True, True, False, False]


def test_who_stops_waits_for_no_run_that_is_under_way(tmp_path: Path) -> None:
    """After Ctrl-C, what runs is ended: a project that hangs would take ten seconds more."""
    echo = find("02")
    hanging = tmp_path / "project"
    copy_tree(echo.starter, hanging)
    (hanging / "echo" / "consumers.py").write_text("import time\n\nwhile True:\n    time.sleep(1)\n")
    runs = run_cold([Job(echo, project=hanging), Job(echo, solved=True)])
    number, outcome = next(runs)
    began = time.monotonic()
    runs.close()

    assert number == 1
    assert outcome.report
    assert time.monotonic() - began < deadline_s(3)


def test_a_runner_that_dies_is_told() -> None:
    """A job that its runner did not survive has a fault instead of a report, and nobody waits for it."""
    nowhere = Job(replace(find("02"), slug="99_nowhere"))

    [(number, outcome)] = run_warm([nowhere])

    assert (number, outcome.report) == (0, None)
    assert outcome.fault.startswith("its runner ended before it was done.")
    assert "99_nowhere" in outcome.fault
