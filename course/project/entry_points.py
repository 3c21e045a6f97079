"""Where a Django project keeps its things, read without running any of it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from course.errors import NotStarted
from course.project.source_queries import MOST_LEVELS, MOST_SOURCE_BYTES, is_too_deep, parse

SETTINGS_VARIABLE = "DJANGO_SETTINGS_MODULE"


@dataclass(frozen=True)
class Project:
    """A Django project: the folder of its manage.py, its settings module, its ASGI application.

    `application` is "module:object" as Daphne takes it, or "" where the settings do not say it as a plain text.
    """

    folder: Path
    settings: str
    application: str


def read_project(folder: Path) -> Project:
    """Read the project in `folder`, or in its only sub-folder with a manage.py.

    Raises NotStarted where there is no manage.py, or it names no settings module.
    """
    manage = _manage_py(folder)
    settings = [text for node in ast.walk(_parsed(manage)) if (text := _settings_in(node))]
    if not settings:
        raise NotStarted(f"manage.py does not set {SETTINGS_VARIABLE}, so the settings can't be found.")
    return Project(manage.parent, settings[-1], _application(manage.parent, settings[-1]))


def _parsed(path: Path) -> ast.Module:
    if path.stat().st_size > MOST_SOURCE_BYTES:
        raise NotStarted(f"{path.name} is too large to be Python source.")
    try:
        tree = ast.parse(path.read_bytes(), filename=path.name)
    except SyntaxError as error:
        line = (error.text or "").strip()
        told = [f'  File "{path.name}", line {error.lineno}', f"    {line}", f"SyntaxError: {error.msg}"]
        raise NotStarted("\n".join(told)) from None
    except (ValueError, RecursionError, MemoryError):
        raise NotStarted(f"{path.name} is not Python.") from None
    if is_too_deep(tree):
        raise NotStarted(f"{path.name} nests more than {MOST_LEVELS} levels deep.")
    return tree


def _manage_py(folder: Path) -> Path:
    found = [folder / "manage.py"] if (folder / "manage.py").is_file() else sorted(folder.glob("*/manage.py"))
    if not found:
        raise NotStarted("There is no manage.py in the project's folder.")
    if len(found) > 1:
        names = ", ".join(str(path.relative_to(folder)) for path in found)
        raise NotStarted(f"There are several projects in this folder: {names}. Name one of them with --project.")
    return found[0]


def _application(folder: Path, settings: str) -> str:
    path = folder / Path(*settings.split("."))
    source = path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"
    if not source.is_file():
        return ""
    tree = parse(source)
    texts = [_asgi_application(node) for node in ast.walk(tree)] if tree else []
    told = {text for text in texts if text is not None}
    dotted = told.pop() if len(told) == 1 else ""  # of several, only Django knows which one counts
    module, _, name = dotted.rpartition(".")
    return f"{module}:{name}" if module else ""


def _asgi_application(node: ast.AST) -> str | None:
    """Return what a statement sets ASGI_APPLICATION to, "" where that is no plain text, None for other statements."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    if not any(isinstance(target, ast.Name) and target.id == "ASGI_APPLICATION" for target in targets):
        return None
    value = getattr(node, "value", None)
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def _settings_in(node: ast.AST) -> str:
    """Pick "x" from os.environ.setdefault("DJANGO_SETTINGS_MODULE", "x") or os.environ[…] = "x"."""
    texts = [n.value for n in ast.iter_child_nodes(node) if isinstance(n, ast.Constant)]
    if isinstance(node, ast.Call) and len(texts) == 2 and texts[0] == SETTINGS_VARIABLE:
        return str(texts[1])
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
        slices = [target.slice for target in node.targets if isinstance(target, ast.Subscript)]
        keys = [key.value for key in slices if isinstance(key, ast.Constant)]
        return str(node.value.value) if SETTINGS_VARIABLE in keys else ""
    return ""
