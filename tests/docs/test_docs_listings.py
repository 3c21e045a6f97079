"""Code on a page comes from the lessons and their solutions, by name and not by line."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pytest

from course.catalog.lessons import ROOT, Lesson
from course.catalog.solution_parts import guided_part, own_part
from course.project.scratch_copy import files_of
from tests.docs.pages_text import LESSONS, fences, lesson_ids, pages

START = re.compile(r"--8<-- \[start:([\w-]+)\]")
INCLUDE = re.compile(r'--8<-- "([^"]+)"')
MOST_TYPED_LINES = 3
TELLING = 12  # characters of a line


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
    held = path.relative_to(ROOT / "solutions")
    guided = Path("includes/generated", held.parts[0], "guided", *held.parts[1:])
    wanted = [f'{shown_as.as_posix()}:{name}"' for shown_as in ("solutions" / held, guided)]
    source = path.read_text(encoding="utf-8")

    assert source.count(f"[start:{name}]") == source.count(f"[end:{name}]") == 1
    assert any(listing in page.read_text(encoding="utf-8") for page in pages() for listing in wanted)


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


def test_no_page_shows_the_code_of_an_own_part() -> None:
    """What is asked for on one's own stands in solutions/ and on no page, with all that pages include."""
    seen = [line.strip() for page in pages() for line in shown(page.read_text(encoding="utf-8")).splitlines()]
    found = [(lesson.slug, line) for lesson in LESSONS for line in own_code(lesson) if line in seen]

    assert any(own_code(lesson) for lesson in LESSONS)
    assert found == []


def own_code(lesson: Lesson) -> set[str]:
    """Return the lines that only own parts hold, those that are long enough to tell something."""
    own = {line.strip() for path in files_of(lesson.solution) for line in own_part(path.read_text(encoding="utf-8"))}
    return {line for line in own - guided_lines() if len(line) >= TELLING}


@functools.cache
def guided_lines() -> frozenset[str]:
    """Return the lines that are in the guided part of any solution."""
    texts = [guided_part(path.read_text(encoding="utf-8")) for path in files_of(ROOT / "solutions")]
    return frozenset(line.strip() for text in texts for line in text.splitlines())


def shown(text: str) -> str:
    """Return a page with what it includes, and what that includes."""

    def include(match: re.Match[str]) -> str:
        path, _, section = match[1].partition(":")
        source = (ROOT / path).read_text(encoding="utf-8")
        if section:
            source = source.partition(f"[start:{section}]")[2].partition(f"[end:{section}]")[0]
        return shown(source) if path.endswith(".md") else source

    return INCLUDE.sub(include, text)
