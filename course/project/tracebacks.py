"""Python's tracebacks as a learner wants them: their own frames, with the project's own paths."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from course.project.scratch_copy import files_of
from course.project.source_queries import parse

START = re.compile(r"^(Traceback \(most recent call last\):|Exception ignored .*|Timeout \(.*\)!)$")
FRAME = re.compile(r'^  File "(?P<path>[^"]+)", line (?P<line>\d+)')
NEVER_AWAITED = re.compile(r"^RuntimeWarning: coroutine '(?P<name>[^']+)' was never awaited$")
NO_NEWS = (
    "During handling of the above exception",
    "The above exception was the direct cause",
    "Coroutine created at (most recent call last)",
)
LOG_LINE = re.compile(
    r"""^\d{4}-\d\d-\d\d\ \d\d:\d\d:\d\d | ^\d+\.\d+\.\d+\.\d+:\d+\ -\ -\  | ^(DEBUG|INFO|WARNING|ERROR)\b
        | ^Not\ Found:\ /  # Django's, of a page
        | ^\d\d:\d\d:\d\d\ \S  # of an RQ worker
        | ^HTTP\ [A-Z]+\ / | ^WebSocket\ [A-Z]+\ / | ^\[\d\d/""",  # the last three are runserver's
    re.VERBOSE,
)
ENTRANCE = {"main()", "execute_from_command_line(sys.argv)"}  # the lines of manage.py that every traceback begins with


def errors_in(log: str, project: Path) -> list[str]:
    """Return each error that a server's log holds, cut to the frames of the project, the oldest first.

    An error without a frame of the project keeps its last line: the exception and what it says.
    """
    blocks: list[list[str]] = []
    inside = False
    for line in log.splitlines():
        if START.match(line):
            blocks.append([])
            inside = True
        elif inside and (LOG_LINE.match(line) or line.startswith("\x1e")):
            inside = False
        if inside:
            blocks[-1].append(line)
    return list(dict.fromkeys(text for block in blocks if (text := _cut(block, project))))


def _cut(block: list[str], project: Path) -> str:
    """Keep the frames in `project`, with relative paths, and the lines that are no frames."""
    kept: list[str] = []
    keep = True
    prefix = f"{project}/"
    for line in block:
        if frame := FRAME.match(line):
            keep = frame["path"].startswith((prefix, "./"))
        elif not line.startswith(" "):
            keep = bool(line.strip()) and not START.match(line) and not line.startswith(NO_NEWS)
        if keep and not set(line) <= set(" ^~"):
            kept.append(line.replace(prefix, "").replace('"./', '"'))
    entrance = {i for i, line in enumerate(kept[1:]) if line.strip() in ENTRANCE and "manage.py" in kept[i]}
    kept = [line for i, line in enumerate(kept) if i not in entrance and i - 1 not in entrance]
    return "\n".join(_place_first(kept, project))


def _place_first(lines: list[str], project: Path) -> list[str]:
    """Put where a coroutine was made before the warning that nobody awaited it, as in a traceback.

    Python tells that place last, and not at all for a coroutine made in a thread: then it is where its `def` stands.
    """
    warning = next((NEVER_AWAITED.match(line) for line in lines if NEVER_AWAITED.match(line)), None)
    if not warning:
        return lines
    place = [line for line in lines if line.startswith(" ")] or _definition(warning["name"], project)
    return [*place, warning.string]


def _definition(name: str, project: Path) -> list[str]:
    """Return where the project defines a coroutine, written like a frame, or nothing."""
    *_, owner, function = ["", *name.split(".")]
    for path in files_of(project):
        tree = parse(path) if path.suffix == ".py" else None
        if tree and (line := _line_of_def(tree, owner, function)):
            code = path.read_text(encoding="utf-8", errors="replace").splitlines()[line - 1].strip()
            return [f'  File "{path.relative_to(project)}", line {line}, in {name}', f"    {code}"]
    return []


def _line_of_def(tree: ast.Module, owner: str, function: str) -> int:
    """Return the line of `async def function` in the class `owner` ("" for a module's own), or 0."""
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name == owner]
    for parent in classes if owner else [tree]:
        for node in parent.body:
            if isinstance(node, ast.AsyncFunctionDef) and node.name == function:
                return node.lineno
    return 0
