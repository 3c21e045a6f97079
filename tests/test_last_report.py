"""The last report of a lesson holds as long as nothing that it was made of has changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from course.catalog.lessons import Lesson, find
from course.project.scratch_copy import copy_tree
from course.results import CheckResult, Failure, Report, WireEvent
from course.student import last_report

FAILED = CheckResult(
    "test_x", "It works.", ("One.",), "failed", failure=Failure("No.", transcript=(WireEvent(1, "ana", "→", "tea"),))
)


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lesson:
    """A copy of lesson 02 and its checks, and a folder of its own for reports."""
    monkeypatch.setattr(last_report, "FOLDER", tmp_path / "reports")
    made = replace(find("02"), root=tmp_path)
    copy_tree(find("02").starter, made.starter)
    copy_tree(find("02").checks, made.checks)
    return made


@pytest.fixture
def report(lesson: Lesson) -> Report:
    return Report(lesson.slug, lesson.title, "lessons/02_sync_echo", 7, (FAILED,), 20)


def test_it_is_recalled_while_nothing_changes(lesson: Lesson, report: Report) -> None:
    """The report comes back as it was; one of another lesson does not."""
    last_report.keep(lesson, report, last_report.digest_of(lesson))

    assert last_report.recall(lesson) == report
    assert last_report.recall(find("03")) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda lesson: (lesson.starter / "echo" / "consumers.py").write_text("saved"),
        lambda lesson: (lesson.starter / "echo" / "new.py").write_text(""),
        lambda lesson: (lesson.starter / "manage.py").unlink(),
        lambda lesson: (lesson.starter / "manage.py").rename(lesson.starter / "manages.py"),
        lambda lesson: (lesson.checks / "test_more.py").write_text(""),
        lambda lesson: (lesson.checks.parent / "edges.py").write_text(""),
    ],
)
def test_it_is_not_recalled_once_something_has_changed(lesson: Lesson, report: Report, change) -> None:
    """A saved, new, removed or renamed file, and a check that was updated, ask for a new run."""
    last_report.keep(lesson, report, last_report.digest_of(lesson))
    change(lesson)

    assert last_report.recall(lesson) is None


def test_a_save_during_the_run_asks_for_a_new_one(lesson: Lesson, report: Report) -> None:
    """The digest is that of the files which were checked, not of what was saved meanwhile."""
    digest = last_report.digest_of(lesson)
    (lesson.starter / "echo" / "consumers.py").write_text("saved meanwhile")
    last_report.keep(lesson, report, digest)

    assert last_report.recall(lesson) is None


@pytest.mark.parametrize("text", ["", "{}", '{"reports": []}', '{"reports": [{"checks": [{}]}]}', "[1]"])
def test_a_report_of_another_version_does_not_count(lesson: Lesson, report: Report, text: str) -> None:
    """What can't be read is as good as none."""
    last_report.keep(lesson, report, last_report.digest_of(lesson))
    (last_report.FOLDER / f"{lesson.slug}.json").write_text(text)

    assert last_report.recall(lesson) is None
