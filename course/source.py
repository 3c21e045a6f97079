"""Small questions about a project's source, answered with `ast`; nothing is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from course.workspace import files_of

CHANNELS_BASES = {
    "WebsocketConsumer": "SyncConsumer",
    "JsonWebsocketConsumer": "WebsocketConsumer",
    "AsyncWebsocketConsumer": "AsyncConsumer",
    "AsyncJsonWebsocketConsumer": "AsyncWebsocketConsumer",
    "AsyncHttpConsumer": "AsyncConsumer",
}


MOST_SOURCE_BYTES = 1024 * 1024


@dataclass(frozen=True)
class ClassSource:
    """A class statement: its name, the names of its bases, its methods, the names that it uses, where it stands."""

    name: str
    bases: tuple[str, ...]
    methods: tuple[str, ...]
    file: str
    line: int
    uses: frozenset[str] = field(default=frozenset(), compare=False)


class Source:
    """A project's Python files, as text."""

    def __init__(self, folder: Path) -> None:
        """Read nothing yet."""
        self._folder = folder

    def classes(self) -> list[ClassSource]:
        """Return every class of the project; a file that is not valid Python has none."""
        found: list[ClassSource] = []
        for path in files_of(self._folder):
            if path.suffix == ".py":
                found += _classes(path, str(path.relative_to(self._folder)))
        return found

    def consumers(self, base: str) -> list[ClassSource]:
        """Return the classes that inherit from the Channels class `base`, directly or by way of others."""
        classes = self.classes()
        parents = {name: {parent} for name, parent in CHANNELS_BASES.items()}
        for known in classes:
            parents.setdefault(known.name, set()).update(known.bases)
        return [known for known in classes if base in _ancestors(known.name, parents)]

    def files_with(self, text: str) -> list[str]:
        """Return the Python files in which a string holds this text; comments and docstrings do not count."""
        found = []
        for path in files_of(self._folder):
            tree = parse(path) if path.suffix == ".py" else None
            if tree and any(text in string for string in _strings(tree)):
                found.append(str(path.relative_to(self._folder)))
        return found


def parse(path: Path) -> ast.Module | None:
    """Return the syntax tree of a file, or None where it is not valid Python, or too large or too deep to be read."""
    if path.stat().st_size > MOST_SOURCE_BYTES:
        return None
    try:
        return ast.parse(path.read_bytes(), filename=path.name)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _strings(tree: ast.Module) -> Iterator[str]:
    """Yield the strings of a file, without those that stand alone as a statement."""
    nodes = list(ast.walk(tree))
    alone = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


def _classes(path: Path, name: str) -> list[ClassSource]:
    tree = parse(path)
    if tree is None:
        return []
    nodes = list(ast.walk(tree))
    aliases = {
        alias.asname: alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname
    }
    return [_class(node, name, aliases) for node in nodes if isinstance(node, ast.ClassDef)]


def _class(node: ast.ClassDef, file: str, aliases: dict[str, str]) -> ClassSource:
    bases = tuple(aliases.get(name, name) for base in node.bases if (name := _last_name(base)))
    methods = tuple(n.name for n in node.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    uses = frozenset(aliases.get(name, name) for inner in ast.walk(node) if (name := _own_name(inner)))
    return ClassSource(node.name, bases, methods, file, node.lineno, uses)


def _own_name(node: ast.AST) -> str:
    """Return "a" of the expression a, and "b" of a.b."""
    return getattr(node, "attr", "") or getattr(node, "id", "")


def _last_name(base: ast.expr) -> str:
    """Return "c" of the base a.b.c, and nothing for one that is no name."""
    if isinstance(base, ast.Subscript):
        return _last_name(base.value)
    return getattr(base, "attr", "") or getattr(base, "id", "")


def _ancestors(name: str, parents: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    ask = [name]
    while ask:
        for parent in parents.get(ask.pop(), set()) - found:
            found.add(parent)
            ask.append(parent)
    return found
