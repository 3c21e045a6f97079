"""The generated files are those that the course makes today."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.authoring.pages import generated_files as pages
from course.catalog.checklist import checklist
from course.catalog.lessons import ROOT, Lesson
from tests.docs.pages_text import LESSONS, lesson_ids


@pytest.fixture(scope="session")
def generated() -> dict[Path, str]:
    """Return what would be written today, without running checks."""
    return pages.generate(ROOT)


def test_the_generated_files_are_fresh(generated: dict[Path, str]) -> None:
    """Every generated file holds what its sources say; `python3 course docs --refresh` makes it so."""
    old = [
        path.as_posix()
        for path, text in generated.items()
        if not (ROOT / path).exists() or (ROOT / path).read_text(encoding="utf-8") != text
    ]

    assert old == []


def test_no_generated_file_is_left_over(generated: dict[Path, str]) -> None:
    """Nothing lies in the generated folders that nothing makes any more."""
    assert pages.stale(ROOT, generated, outputs=False) == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lesson_ids)
@pytest.mark.parametrize("outcome", ["failing", "passing"])
def test_every_lesson_has_its_two_reports(lesson: Lesson, outcome: str) -> None:
    """The starter's and the solution's report are there, as text and as a picture without outside parts."""
    text = (ROOT / pages.TEXTS / lesson.slug / f"{outcome}.txt").read_text(encoding="utf-8")
    picture = (ROOT / pages.PICTURES / f"{lesson.slug}-{outcome}.svg").read_text(encoding="utf-8")

    assert text.strip()
    assert "<title>" in picture
    assert "@font-face" not in picture
    assert "url(http" not in picture


@pytest.mark.parametrize("lesson", LESSONS, ids=lesson_ids)
def test_the_reports_name_the_checks_of_today(lesson: Lesson) -> None:
    """Both reports list the lesson's checks under their present titles."""
    for outcome in ("failing", "passing"):
        text = (ROOT / pages.TEXTS / lesson.slug / f"{outcome}.txt").read_text(encoding="utf-8")
        words = " ".join(text.split())
        missing = [check.title for check in checklist(lesson) if not check.slow and check.title not in words]

        assert missing == []
