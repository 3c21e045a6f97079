"""Any Django project that keeps a lesson's public contract passes its checks, whatever its layout."""

from __future__ import annotations

import pytest

from course.catalog.lessons import ROOT, Lesson, lessons
from course.judging.session import run_checks
from course.project.entry_points import read_project
from tests.conftest import need_programs

PROJECTS = ROOT / "tests" / "projects"
LESSONS = [pytest.param(lesson, id=lesson.slug) for lesson in lessons()]


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_project_with_another_layout_passes(lesson: Lesson) -> None:
    """A correct project that is laid out in another way than ours passes every check."""
    need_programs(lesson)
    report = run_checks(lesson, project=PROJECTS / f"{lesson.number}_other_layout", include_slow=True)

    assert {check.name: check.failure or check.reason for check in report.checks if check.status != "passed"} == {}
    assert report.all_passed


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_other_layout_is_another(lesson: Lesson) -> None:
    """It shares neither the settings module nor the application's place with ours."""
    theirs = read_project(PROJECTS / f"{lesson.number}_other_layout")
    ours = read_project(lesson.starter)

    assert theirs.settings != ours.settings
    assert theirs.application != "config.asgi:application"
