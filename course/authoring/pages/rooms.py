"""The map of the engine for authors: each room's own paragraph, and its modules with their first lines."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from course.authoring.pages.markdown import prose
from course.catalog.lessons import ROOT


@dataclass(frozen=True)
class Room:
    """A package of the engine: its path below course/, what it says of itself, and what its modules are for."""

    name: str
    text: str
    modules: dict[str, str]


def rooms(root: Path = ROOT) -> list[Room]:
    """Return the rooms, in the order of their names."""
    course = root / "course"
    found = [path.parent for path in sorted(course.rglob("__init__.py")) if path.parent != course]
    return [
        Room(folder.relative_to(course).as_posix(), _docstring(folder / "__init__.py"), _modules(folder))
        for folder in found
    ]


def rooms_map(root: Path = ROOT) -> str:
    """Return the map as Markdown: a heading for each room, its paragraph, a line for each module."""
    course = Room("", "Its entrance, its set-up, and what all rooms speak.", _modules(root / "course"))
    parts = []
    for room in [course, *rooms(root)]:
        lines = [f"- `{name}` – {prose(what)}" for name, what in room.modules.items()]
        parts.append("\n".join([f"### course/{room.name}".rstrip("/"), "", prose(room.text), "", *lines, ""]))
    return "\n".join(parts)


def _modules(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.glob("*.py") if path.name != "__init__.py")
    return {path.name: _docstring(path).partition("\n")[0] for path in paths}


def _docstring(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_bytes())) or ""
