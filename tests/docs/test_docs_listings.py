"""Code on a page comes from the lessons and their solutions, by name and not by line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from course.catalog.lessons import ROOT, Lesson
from course.project.scratch_copy import files_of
from tests.docs.pages_text import LESSONS, fences, lesson_ids, pages

START = re.compile(r"--8<-- \[start:([\w-]+)\]")
MOST_TYPED_LINES = 3


def section_id(section: tuple[Path, str]) -> str:
    """Return a section's name for pytest's output."""
    return f"{section[0].relative_to(ROOT / 'solutions').as_posix()}:{section[1]}"


def sections() -> list[tuple[Path, str]]:
    """Return every section that a solution marks."""
    return [
        (path, name)
        for path in files_of(ROOT / "solutions")
        for name in START.findall(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("lesson", LESSONS, ids=lesson_ids)
def test_no_program_is_typed_into_a_lesson_page(lesson: Lesson) -> None:
    """Python on a lesson's page is included, or at most three lines long."""
    typed = [
        fence.body
        for fence in fences(lesson.page.read_text(encoding="utf-8"))
        if fence.language in ("python", "py", "pycon", "javascript", "js", "html", "django")
        and not fence.is_included
        and len(fence.body.strip().splitlines()) > MOST_TYPED_LINES
    ]

    assert typed == []


@pytest.mark.parametrize("section", sections(), ids=section_id)
def test_every_section_is_shown(section: tuple[Path, str]) -> None:
    """A section that a solution marks is on a page, and its file ends it again."""
    path, name = section
    wanted = f'{path.relative_to(ROOT).as_posix()}:{name}"'
    source = path.read_text(encoding="utf-8")

    assert source.count(f"[start:{name}]") == source.count(f"[end:{name}]") == 1
    assert any(wanted in page.read_text(encoding="utf-8") for page in pages())


@pytest.mark.parametrize("folder", ["lessons", "checks"])
def test_what_a_student_opens_has_no_markers(folder: str) -> None:
    """Section markers stay in solutions/."""
    marked = [path for path in files_of(ROOT / folder) if b"--8<--" in path.read_bytes()]

    assert marked == []


def test_no_listing_counts_lines() -> None:
    """A listing is picked by a section's name: a range of lines goes wrong without a word."""
    ranges = [
        (page.name, include)
        for page in pages()
        for include in re.findall(r'--8<-- "([^"]+)"', page.read_text(encoding="utf-8"))
        if re.search(r":\d", include)
    ]

    assert ranges == []
