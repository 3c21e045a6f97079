"""What is measured is kept and drawn in one way."""

from __future__ import annotations

import importlib

import pytest

from course.bench import QUESTIONS
from course.bench import stored_results as storing
from course.catalog.lessons import ROOT


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_docs_show_what_was_stored(name: str) -> None:
    """Pictures and tables in the docs are those of the results that are stored."""
    question = importlib.import_module(f"course.bench.{name}")
    drawn = {path: drawing(storing.load(question)) for path, drawing in question.DRAWN.items()}

    assert drawn
    assert {path: (ROOT / path).read_text(encoding="utf-8") for path in drawn} == drawn
