"""One style, held by tools: ruff, mypy, and a sentence at each test."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from course.catalog.lessons import ROOT
from tests.conftest import run

TREES = ["course", "tests", "checks", "lessons", "solutions"]
TESTS = sorted(path for path in (ROOT / "tests").rglob("test_*.py") if "programs" not in path.parts)


@pytest.mark.parametrize("arguments", [["check"], ["format", "--check"]], ids=["rules", "format"])
def test_ruff_is_content(arguments: list[str]) -> None:
    """Every tree keeps the rules and the format of pyproject.toml."""
    outcome = run([sys.executable, "-m", "ruff", *arguments, *TREES], cwd=ROOT)

    assert outcome.code == 0, outcome.output


def test_mypy_is_content() -> None:
    """The engine is typed, strictly."""
    outcome = run([sys.executable, "-m", "mypy"], cwd=ROOT)

    assert outcome.code == 0, outcome.output


@pytest.mark.parametrize("path", [pytest.param(path, id=str(path.relative_to(ROOT))) for path in TESTS])
def test_every_test_says_what_it_proves(path: Path) -> None:
    """Each test has a docstring of one line that ends in a full stop."""
    tree = ast.parse(path.read_bytes())
    tests = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    wrong = [node.name for node in tests if not is_sentence(ast.get_docstring(node))]

    assert wrong == []


def is_sentence(text: str | None) -> bool:
    return text is not None and "\n" not in text and text.endswith(".")


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in sorted((ROOT / "course").rglob("*.py"))])
def test_modules_stay_small(path: Path) -> None:
    """No module of the engine grows beyond what one reads in one go."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


def test_ignored_rules_have_their_reason() -> None:
    """Each ignore in pyproject.toml, and each noqa and type: ignore in the engine, says why on its line."""
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    begin = lines.index("ignore = [")
    ignored = lines[begin + 1 : lines.index("]", begin)]
    noted = [
        line
        for path in (ROOT / "course").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "# noqa" in line or "# type: ignore" in line
    ]

    assert [line for line in ignored if "#" not in line] == []
    assert [line for line in noted if len(line.partition("# noqa")[2] + line.partition("# type: ignore")[2]) < 16] == []
