"""Whatever the five documents held from which the course grew is taught somewhere."""

from __future__ import annotations

import re

import pytest

from course.catalog.lessons import ROOT, lessons

PAGE = ROOT / "docs" / "seeds.md"
# How many headings each document has. The documents themselves are not in the repository.
HEADINGS = {"seed-000": 20, "seed-001": 20, "seed-002": 20, "seed-003": 6, "seed-004": 15}
ROW = re.compile(r"^\| (?!Section|---)(.+?) \| (.+) \|$", re.MULTILINE)
LINK = re.compile(r"\[[^\]]+\]\(([^)#]+)(?:#[\w-]+)?\)")


def tables() -> dict[str, list[tuple[str, str]]]:
    """Return the rows of each document's table: a heading, and where it is taught."""
    parts = re.split(r"^## .*\{ #([\w-]+) \}$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {name: ROW.findall(text) for name, text in zip(parts[1::2], parts[2::2], strict=True)}


ROWS = [(heading, taught) for rows in tables().values() for heading, taught in rows]


def test_every_document_has_its_table() -> None:
    """There is a row for each heading of the five documents, and no heading twice."""
    found = tables()

    assert {name: len(rows) for name, rows in found.items()} == HEADINGS
    assert all(len({heading for heading, _ in rows}) == len(rows) for rows in found.values())


@pytest.mark.parametrize(("heading", "taught"), ROWS)
def test_every_heading_is_taught(heading: str, taught: str) -> None:
    """A row leads to pages that exist; a lesson is named without a link only while it is not there."""
    slugs = {lesson.slug for lesson in lessons()}
    targets, unlinked = LINK.findall(taught), re.findall(r"\d\d_\w+", LINK.sub("", taught))

    assert [target for target in targets if not (PAGE.parent / target).is_file()] == []
    assert [slug for slug in unlinked if slug in slugs] == []
    assert targets or unlinked, f"nothing is said of {heading}"
