"""Opens the line that failed in the student's own editor, each by its own syntax."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from course.catalog.lessons import Lesson
from course.errors import CourseError
from course.results import Place, Report

# How a program is told the line, by the name that it is started with. One that is not listed gets the file alone.
SYNTAX = {
    ("--goto", "{file}:{line}"): "code code-insiders codium vscodium cursor windsurf positron code-server",
    ("--line", "{line}", "{file}"): "pycharm charm pycharm-community pycharm-professional idea webstorm fleet kate",
    ("{file}:{line}",): "zed zeditor zedit subl sublime_text hx helix lapce atom",
    ("+{line}", "{file}"): "vim vi nvim gvim mvim emacs emacsclient nano pico micro joe kak ne mcedit gedit jed",
    ("-l", "{line}", "{file}"): "mate",
    ("-n{line}", "{file}"): "notepad++",
}
IN_TERMINAL = set("vim vi nvim emacs nano pico micro joe kak ne mcedit jed hx helix".split())  # noqa: SIM905 - shorter
AROUND_US = {"TERM_PROGRAM=vscode": "code", "TERMINAL_EMULATOR=JetBrains-JediTerm": "pycharm", "ZED_TERM=true": "zed"}
USUAL = ("code", "pycharm", "zed", "nvim", "vim", "nano", "vi")
HINT = "Name yours: export EDITOR=vim, or python3 course watch --editor code"


@dataclass(frozen=True)
class Editor:
    """A program that shows files; its arguments come from the student."""

    argv: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return what it is called, without folder and ending."""
        return re.sub(r"(64)?\.(exe|cmd|bat|sh|app)$", "", Path(self.argv[0]).name.lower())

    @property
    def in_terminal(self) -> bool:
        """Tell whether it needs the terminal that we are in."""
        return self.name in IN_TERMINAL

    def command(self, file: Path, line: int) -> list[str]:
        """Return the command that shows a line of a file."""
        syntax = next((form for form, names in SYNTAX.items() if self.name in names.split()), ("{file}",))
        return [*self.argv, *(part.format(file=file, line=line) for part in syntax)]


def find(asked: str = "", env: Mapping[str, str] = os.environ) -> Editor:
    """Return the editor that was asked for, or $VISUAL, $EDITOR, the one whose terminal this is, a usual one.

    Raises CourseError where it is not there.
    """
    around = [name for mark, name in AROUND_US.items() if env.get(mark.partition("=")[0]) == mark.partition("=")[2]]
    named = asked or env.get("VISUAL") or env.get("EDITOR") or ""
    try:
        argv = shlex.split(named)
    except ValueError:
        raise CourseError(f"This names no editor: {named}.", HINT) from None
    if argv and not shutil.which(argv[0], path=env.get("PATH")):
        raise CourseError(f"The editor '{argv[0]}' is not on your PATH.", HINT)
    found = next((name for name in (*around, *USUAL) if shutil.which(name, path=env.get("PATH"))), "")
    if not argv and not found:
        raise CourseError("No editor was found.", HINT)
    return Editor(tuple(argv or [found]))


def place_to_edit(lesson: Lesson, report: Report | None, project: Path | None = None) -> tuple[Path, int]:
    """Return the file and line where the student goes on: where it failed, or else the first TODO of the lesson."""
    folder = project or lesson.starter
    place = report.place if report else None
    if place and (folder / place.file).is_file():
        return folder / place.file, place.line
    failing = report.first_failure if report else None
    told = f"{failing.failure.message} {failing.failure.cause}" if failing and failing.failure else ""
    named = [file for file in lesson.edit if Path(file).name in told]
    places = [Place(file, _first_todo(folder / file)) for file in (*named, *lesson.edit)]
    best = next((place for place in places if place.line > 1), places[0])
    return folder / best.file, best.line


def _first_todo(path: Path) -> int:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return 1
    return next((number for number, line in enumerate(lines, 1) if "TODO" in line), 1)
