"""Keeps what was measured as JSON, and makes the pictures and tables of the docs from it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

from course.catalog.lessons import ROOT

Results = dict[str, Any]
NUMBERS = re.compile(r"\[\s+([-\d.,\s]+?)\s+\]")


def store(question: ModuleType, results: Results) -> None:
    """Write results down as JSON that reads well in a diff: a list of numbers is one line."""
    text = json.dumps(results, indent=2)
    _write(ROOT / question.STORED, NUMBERS.sub(lambda found: f"[{' '.join(found[1].split())}]", text) + "\n")


def load(question: ModuleType) -> Results:
    """Return the results that are stored."""
    results: Results = json.loads((ROOT / question.STORED).read_text(encoding="utf-8"))
    return results


def draw(question: ModuleType) -> list[Path]:
    """Make the pictures and tables of what is stored; return the files."""
    results = load(question)
    for path, drawing in question.DRAWN.items():
        _write(ROOT / path, drawing(results))
    return [ROOT / path for path in question.DRAWN]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
