"""Small questions about a project's source, answered with `ast`; nothing is imported."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeGuard

from course.project.scratch_copy import files_of

CHANNELS_BASES = {
    "WebsocketConsumer": "SyncConsumer",
    "JsonWebsocketConsumer": "WebsocketConsumer",
    "AsyncWebsocketConsumer": "AsyncConsumer",
    "AsyncJsonWebsocketConsumer": "AsyncWebsocketConsumer",
    "AsyncHttpConsumer": "AsyncConsumer",
}


MOST_SOURCE_BYTES = 1024 * 1024
MOST_LEVELS = 300  # of one expression in another: what goes deeper nobody wrote, and Python's own tools give up
TEXTS = {".html", ".js", ".ts", ".template"}


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

    def holds(self, pattern: str) -> bool:
        """Tell whether a regular expression fits a file of the project.

        Python is read without its comments and in one spelling, as `ast.unparse` writes it: 'single quotes', one
        statement a line. Other source files are read as they are.
        """
        compiled = re.compile(pattern, re.DOTALL | re.MULTILINE)
        return any(compiled.search(text) for text in self._texts())

    def _texts(self) -> Iterator[str]:
        for path in files_of(self._folder):
            if path.suffix == ".py":
                tree = parse(path)
                yield _spelled(tree) if tree else ""
            elif path.suffix in TEXTS and path.stat().st_size <= MOST_SOURCE_BYTES:
                yield path.read_text(encoding="utf-8", errors="replace")

    def _nodes(self) -> Iterator[tuple[str, list[ast.AST]]]:
        """Yield the path of each Python file, and all that stands in it; of one that is not valid, nothing."""
        for path in files_of(self._folder):
            tree = parse(path) if path.suffix == ".py" else None
            if tree:
                yield str(path.relative_to(self._folder)), list(ast.walk(tree))

    def classes(self) -> list[ClassSource]:
        """Return every class of the project; a file that is not valid Python has none."""
        found: list[ClassSource] = []
        for file, nodes in self._nodes():
            aliases = _aliases(nodes)
            found += [_class(node, file, aliases) for node in nodes if isinstance(node, ast.ClassDef)]
            found += [_made_class(node, file, aliases) for node in nodes if _is_made_class(node)]
        return found

    def consumers(self, base: str) -> list[ClassSource]:
        """Return the classes that inherit from the Channels class `base`, directly or by way of others.

        Other names of a class count too: `Base = SyncConsumer`.
        """
        classes = self.classes()
        parents = {name: {parent} for name, parent in CHANNELS_BASES.items()}
        for _, nodes in self._nodes():
            for name, other in _other_names(nodes):
                parents.setdefault(name, set()).add(other)
        for known in classes:
            parents.setdefault(known.name, set()).update(known.bases)
        return [known for known in classes if base in _ancestors(known.name, parents)]

    def uses(self, name: str) -> bool:
        """Tell whether code of the project reads a name, wherever it is defined: to call it, or to hand it on."""
        return any(_reads(node, name) for _, nodes in self._nodes() for node in nodes)

    def files_with(self, text: str) -> list[str]:
        """Return the Python files in which a string holds this text; comments and docstrings do not count."""
        return [file for file, nodes in self._nodes() if any(text in string for string in _strings(nodes))]


def parse(path: Path) -> ast.Module | None:
    """Return the syntax tree of a file, or None where it is not valid Python, or too large or too deep to be read."""
    if path.stat().st_size > MOST_SOURCE_BYTES:
        return None
    try:
        tree = ast.parse(path.read_bytes(), filename=path.name)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return None if is_too_deep(tree) else tree


def is_too_deep(tree: ast.AST) -> bool:
    """Tell whether a tree has more levels than what walks it can bear."""
    level: list[ast.AST] = [tree]
    for _ in range(MOST_LEVELS):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return False
    return True


def _spelled(tree: ast.Module) -> str:
    """Return a file in one spelling; one on which `unparse` gives up, the stack being high, is no Python to us."""
    try:
        return ast.unparse(tree)
    except RecursionError:
        return ""


def _strings(nodes: list[ast.AST]) -> Iterator[str]:
    """Yield the strings of a file, without those that stand alone as a statement."""
    alone = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


def _aliases(nodes: list[ast.AST]) -> dict[str, str]:
    """Return the names that imports give, with what they stand for."""
    imports = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    return {alias.asname: alias.name for node in imports for alias in node.names if alias.asname}


def _other_names(nodes: list[ast.AST]) -> list[tuple[str, str]]:
    """Return each name that a file gives to another one, with that one: `Base = SyncConsumer`."""
    aliases = _aliases(nodes)
    found = []
    for node in nodes:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = getattr(node, "value", None)
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(value, ast.Name | ast.Attribute):
            given = _name(value)
            found += [(t.id, aliases.get(given, given)) for t in targets if isinstance(t, ast.Name)]
    return found


def _class(node: ast.ClassDef, file: str, aliases: dict[str, str]) -> ClassSource:
    bases = tuple(
        aliases.get(name, name)
        for base in node.bases
        if (name := _name(base.value if isinstance(base, ast.Subscript) else base))
    )
    methods = tuple(n.name for n in node.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    uses = frozenset(aliases.get(name, name) for inner in ast.walk(node) if (name := _name(inner)))
    return ClassSource(node.name, bases, methods, file, node.lineno, uses)


def _is_made_class(node: ast.AST) -> TypeGuard[ast.Call]:
    """Tell whether this is a class without a class statement: `type(name, bases, methods)`."""
    return isinstance(node, ast.Call) and _name(node.func) == "type" and len(node.args) == 3


def _made_class(node: ast.Call, file: str, aliases: dict[str, str]) -> ClassSource:
    name, bases, _ = node.args
    named = str(name.value) if isinstance(name, ast.Constant) else f"type() in line {node.lineno}"
    found = tuple(aliases.get(_name(base), _name(base)) for base in ast.walk(bases) if _name(base))
    return ClassSource(named, found, (), file, node.lineno)


def _reads(node: ast.AST, name: str) -> bool:
    """Tell whether a node is a name that is read, imported under another name, or written as text for `getattr`."""
    match node:
        case ast.alias(name=imported, asname=str()):
            return imported == name
        case ast.Constant(value=text):
            return bool(text == name)
        case ast.Name(ctx=ast.Load()) | ast.Attribute(ctx=ast.Load()):
            return _name(node) == name
    return False


def _name(node: ast.AST) -> str:
    """Return "a" of the expression a, "c" of a.b.c, and nothing for one that is no name."""
    return getattr(node, "attr", "") or getattr(node, "id", "")


def _ancestors(name: str, parents: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    ask = [name]
    while ask:
        for parent in parents.get(ask.pop(), set()) - found:
            found.add(parent)
            ask.append(parent)
    return found
