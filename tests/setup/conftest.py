"""A fresh clone with an installer that only writes down what it is to do."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from course.catalog.lessons import ROOT
from tests.conftest import load

LOCKS = {
    "requirements.txt": "tea==1.0 \\\n",
    "requirements-dev.txt": "kettle==1.0 \\\n",
    "requirements-uv.txt": "uv==1.0 \\\n",
}


STUDENTS, AUTHORS = ["venv", "uv", "students", "compile"], ["venv", "uv", "students authors", "compile"]


class Installer:
    """Stands in for venv, pip and uv: writes down what is run, and makes what they would make."""

    def __init__(self, setup: ModuleType) -> None:
        self.setup = setup
        self.commands: list[list[str]] = []
        self.ran: list[str] = []
        self.fails_at = ""
        self.error: BaseException = setup.Failed("no network")

    def __call__(self, command: list[str], total: int = 0) -> None:
        self.commands.append(command)
        self.ran.append(self.name_of(command))
        self.make(self.ran[-1])
        if self.ran[-1] == self.fails_at:
            raise self.error

    def name_of(self, command: list[str]) -> str:
        if self.setup.COMPILE in command:
            return "compile"
        if "-r" not in command:
            return next(name for name in ("venv", "ensurepip") if name in command)
        names = {self.setup.STUDENTS: "students", self.setup.AUTHORS: "authors", self.setup.UV: "uv"}
        return " ".join(name for lock, name in names.items() if str(lock) in command)

    def make(self, name: str) -> None:
        site = self.setup.VENV / "lib" / "python3.99" / "site-packages"
        if name == "venv":
            site.mkdir(parents=True)
            self.setup.BIN.mkdir()
            self.setup.PYTHON.touch()
        elif name == "uv":
            (self.setup.BIN / "uv").touch(mode=0o755)
        elif name == self.fails_at:
            return
        elif name == "compile":
            self.setup.COMPILED.touch()
        else:
            (site / f"{name}.dist-info").mkdir(exist_ok=True)

    def say(self, text: str) -> None:
        sys.stderr.write(f"{text}\n")

    def forget(self) -> None:
        self.commands.clear()
        self.ran.clear()
        self.fails_at = ""


def replaced(root: Path) -> ModuleType:
    """Return the clone's course/setup.py as a start loads it, with the installer replaced."""
    module = load(root / "course" / "setup.py")
    module._Run = lambda lock: module.installer
    module.installer = Installer(module)
    return module


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return course/setup.py as it is in a fresh clone on a machine without uv, with the installer replaced."""
    root = tmp_path / "clone"
    (root / "course").mkdir(parents=True)
    shutil.copy(ROOT / "course" / "setup.py", root / "course")
    for name, text in LOCKS.items():
        (root / name).write_text(text)
    monkeypatch.setenv("PATH", str(tmp_path))
    return replaced(root)
