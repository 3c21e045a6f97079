"""The pages "Read your failures" show real reports that do not say their cause, and answers that do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from course.catalog.lessons import ROOT
from tests.docs.pages_text import DOCS

PUZZLES = sorted((ROOT / "includes" / "generated").glob("*/puzzle-*.txt"))


@pytest.mark.parametrize("page", sorted((DOCS / "failures").glob("*.md")), ids=lambda page: page.stem)
def test_each_page_has_five_reports_with_their_answers(page: Path) -> None:
    """Each answer is folded, and is that of the report above it."""
    text = page.read_text(encoding="utf-8")
    reports = re.findall(r"^--8<-- \"\S+/(\w+/puzzle-[\w-]+)\.txt\"$", text, re.MULTILINE)
    answers = re.findall(r"^\?\?\? success .*\n\n {4}--8<-- \"\S+/(\w+/puzzle-[\w-]+)\.md\"$", text, re.MULTILINE)

    assert len(reports) == 5
    assert answers == reports


@pytest.mark.parametrize("report", PUZZLES, ids=lambda path: path.stem)
def test_a_report_does_not_say_its_cause(report: Path) -> None:
    """It fails one check, and neither names the mistake nor says why."""
    text = report.read_text(encoding="utf-8")

    assert text.count("   ✗ ") >= 1
    assert report.stem.removeprefix("puzzle-") not in text
    assert not re.search(r"^ +(?:Cause|Likely|Possible)", text, re.MULTILINE)
