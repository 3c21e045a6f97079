"""The engine's rooms: what each says of itself, and that imports go one way."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from course.authoring.pages.rooms import rooms, rooms_map
from course.catalog.lessons import ROOT
from tests.conftest import run

AT_THE_ROOT = {"__init__.py", "__main__.py", "setup.py", "results.py", "errors.py", "console.py"}


def test_imports_go_one_way() -> None:
    """The contracts of pyproject.toml hold: nothing below knows what is above."""
    outcome = run([sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"], cwd=ROOT)

    assert outcome.code == 0, outcome.output


def test_every_room_is_in_the_contract() -> None:
    """No package of the engine is left out of the order of imports."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    missing = [room.name for room in rooms() if f'"course.{room.name.replace("/", ".")}"' not in text]

    assert [name for name in missing if name not in ("authoring/mutants", "authoring/pages", "bench/rivals")] == []


def test_nothing_but_rooms_lies_flat() -> None:
    """At the root of the engine stand its entrance, its set-up, and what all rooms speak."""
    assert {path.name for path in (ROOT / "course").glob("*.py")} == AT_THE_ROOT


@pytest.mark.parametrize("room", [pytest.param(room, id=room.name) for room in rooms()])
def test_a_room_says_what_lives_there(room: object) -> None:
    """The paragraph of a room names a module of its own to begin with, unless it is a room for one purpose."""
    begin = [word.strip("`.,;:") for word in room.text.split() if word.strip("`.,;:").endswith(".py")]  # type: ignore[attr-defined]

    assert [name for name in begin if not (ROOT / "course" / room.name / name).is_file()] == []  # type: ignore[attr-defined]


def test_only_cli_prints() -> None:
    """Outside of the command line nothing calls `print`, but what runs before it or in a process of its own."""
    alone = {"setup.py", "forkserver.py"}
    found = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "course").rglob("*.py")
        if path.name not in alone and "cli" not in path.parts and "rivals" not in path.parts and _prints(path)
    ]

    assert found == []


def _prints(path: Path) -> bool:
    calls = (node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call))
    return any(isinstance(call.func, ast.Name) and call.func.id == "print" for call in calls)


def test_the_map_names_every_module() -> None:
    """Whoever looks for something finds every module on the authors' map, with what it is for."""
    told = rooms_map()
    modules = [path for path in (ROOT / "course").rglob("*.py") if path.name != "__init__.py"]

    assert [path.name for path in modules if f"`{path.name}`" not in told] == []
