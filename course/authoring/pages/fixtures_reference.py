"""The reference of the fixtures, read from their source without importing it."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from course.authoring.pages.markdown import prose

INTERNAL = {"bed"}  # the fixtures below are its parts
FunctionDef = ast.FunctionDef | ast.AsyncFunctionDef


def fixtures_reference(root: Path) -> str:
    """Return the fixtures of course/judging/fixtures.py and the classes that they hand out, as Markdown."""
    classes = _classes(root)
    fixtures = [
        node
        for node in ast.parse((root / "course" / "judging" / "fixtures.py").read_bytes()).body
        if isinstance(node, FunctionDef) and _decorated(node, "fixture") and node.name not in INTERNAL
    ]
    handed_out: dict[str, ast.ClassDef] = {}
    for fixture in fixtures:
        handed_out |= _named_classes(fixture.returns, classes)
    for name in list(handed_out):  # what a fixture's methods hand out is in the student's hands too
        for method in _public_methods(handed_out[name], classes):
            handed_out |= _named_classes(method.returns, classes)
    parts = ["## Fixtures", *(_fixture(fixture, handed_out) for fixture in fixtures)]
    parts += ["## What they hand out", *(_class(node, classes) for node in handed_out.values())]
    return "\n\n".join(parts) + "\n"


def _classes(root: Path) -> dict[str, ast.ClassDef]:
    """Return every public class of the engine by its name."""
    found: dict[str, ast.ClassDef] = {}
    for path in sorted((root / "course").rglob("*.py")):
        for node in ast.parse(path.read_bytes()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, node)
    return found


def _named_classes(annotation: ast.expr | None, classes: dict[str, ast.ClassDef]) -> dict[str, ast.ClassDef]:
    """Return the classes that an annotation names, in `Iterator[Site]` for one."""
    names = re.findall(r"\w+", ast.unparse(annotation)) if annotation else []
    return {name: classes[name] for name in names if name in classes}


def _fixture(node: FunctionDef, handed_out: dict[str, ast.ClassDef]) -> str:
    given = [f"[`{name}`](#{name.lower()})" for name in _named_classes(node.returns, handed_out)]
    gives = f"Gives {' and '.join(given)}.\n\n" if given else ""
    return f"### {node.name} {{ #fixture-{node.name.replace('_', '-')} }}\n\n{gives}{_docstring(node)}"


def _class(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> str:
    parts = [f"### {node.name} {{ #{node.name.lower()} }}", _docstring(node)]
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name) and item.target.id[0] != "_":
            parts.append(f"`{ast.unparse(item)}`")
    parts += [_method(method, node.name.lower()) for method in _public_methods(node, classes)]
    return "\n\n".join(part for part in parts if part)


def _public_methods(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> Iterator[FunctionDef]:
    """Yield the methods that others may call: a class's own, then those of its bases in the engine."""
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and (item.name == "__call__" or not item.name.startswith("_")):
            yield item
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id in classes:
            yield from _public_methods(classes[base.id], classes)


def _method(node: FunctionDef, owner: str) -> str:
    """Return a method as an entry of a definition list."""
    text = re.sub(r"\n(?=.)", "\n    ", _docstring(node))
    return f"`{_signature(node, owner)}`\n:   {text or 'No description.'}"


def _signature(node: FunctionDef, owner: str) -> str:
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    if _decorated(node, "property"):
        return node.name + returns
    arguments = ast.unparse(node.args).removeprefix("self").removeprefix(", ")
    spaced = re.sub(r"(: (?:[^=,\[]|\[[^=]*?\])+?)=", r"\1 = ", arguments)  # ast leaves out the blanks around a default
    name = owner if node.name == "__call__" else node.name
    return f"{name}({spaced}){returns}"


def _decorated(node: FunctionDef, name: str) -> bool:
    """Tell whether one of the decorators is `name`, `pytest.name` or a call of it."""
    for decorator in node.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        if name == (target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")):
            return True
    return False


def _docstring(node: FunctionDef | ast.ClassDef) -> str:
    paragraphs = inspect.cleandoc(ast.get_docstring(node) or "").split("\n\n")
    return "\n\n".join(prose(" ".join(paragraph.split())) for paragraph in paragraphs)
