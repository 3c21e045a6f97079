"""Each command in the docs exists, and each command that exists is in the docs."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

from course.catalog.lessons import ROOT
from course.cli.main import app
from tests.docs.pages_text import FENCE, pages

TEXTS = [*pages(), ROOT / "README.md"]
SHOWN = re.compile(r"(?:(?:python3?(?:\.\d+)?|py) course|(?<![\w./-])course)(?: (?P<rest>[a-z-][^`\n#|&;]*))?")
GROUP = typer.main.get_command(app)


def text_id(path: Path) -> str:
    """Return a page's name for pytest's output."""
    return path.relative_to(ROOT).as_posix()


def commands(group: Any, name: str = "") -> dict[str, TyperCommand]:
    """Return the commands of the course by what one types: "check", "docs"."""
    found: dict[str, TyperCommand] = {}
    for key, command in group.commands.items():
        found |= commands(command, f"{name}{key} ") if isinstance(command, TyperGroup) else {f"{name}{key}": command}
    return found


def shown(text: str) -> Iterator[list[str]]:
    """Yield the words behind `course` for each command that a text shows as code."""
    pieces = [match["body"] for match in FENCE.finditer(text)]
    pieces += re.findall(r"`([^`\n]+)`", FENCE.sub("", text))
    for piece in pieces:
        for line in piece.splitlines():
            line = line.strip().removeprefix("$ ")
            if match := SHOWN.match(line):
                yield shlex.split(match["rest"] or "")


def unknown(words: list[str]) -> list[str]:
    """Return what of a shown command does not exist: the command's name or its options."""
    options = [word.partition("=")[0] for word in words if word.startswith("-") and word != "-"]  # - is a file
    known = commands(GROUP)
    name = next((n for n in known if words[: len(n.split())] == n.split()), "")
    if words and not words[0].startswith("-") and not name:
        return words[:1]
    parameters = [*GROUP.params, *(known[name].params if name else ())]
    taken = {"--help"} | {opt for parameter in parameters for opt in [*parameter.opts, *parameter.secondary_opts]}
    return [option for option in options if option not in taken]


@pytest.mark.parametrize("path", TEXTS, ids=text_id)
def test_every_shown_command_exists(path: Path) -> None:
    """A command on a page can be typed as it stands there."""
    wrong = [" ".join(words) for words in shown(path.read_text(encoding="utf-8")) if unknown(words)]

    assert wrong == []


@pytest.mark.parametrize("name", [name for name, command in commands(GROUP).items() if not command.hidden])
def test_every_command_is_in_the_docs(name: str) -> None:
    """A command of the course is shown on some page."""
    words = name.split()
    found = [path for path in pages() if any(w[: len(words)] == words for w in shown(path.read_text("utf-8")))]

    assert found
