"""The first start sets everything up, with uv where it can; every later one finds it done."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from course.catalog.lessons import ROOT
from tests.conftest import environment, load, run
from tests.setup.conftest import AUTHORS, STUDENTS, Installer


def test_the_first_start_installs_what_a_student_needs(setup: ModuleType) -> None:
    """An environment, uv, the locked packages, their bytecode: in this order, and nothing of the authors' tools."""
    python = setup.environment()

    assert python == str(setup.PYTHON)
    assert setup.installer.ran == STUDENTS
    assert setup.installer.commands[2][0] == str(setup.BIN / "uv")
    assert "--require-hashes" in setup.installer.commands[1]
    assert "--require-hashes" in setup.installer.commands[2]


def test_a_second_start_does_nothing(setup: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """What is done is not done again, and nothing is said."""
    setup.environment()
    setup.installer.forget()
    capsys.readouterr()

    setup.environment()

    assert setup.installer.ran == []
    assert capsys.readouterr() == ("", "")


def test_authors_get_their_tools_on_top(setup: ModuleType) -> None:
    """`course test` adds its tools to what is there; a student's command afterwards finds all done."""
    setup.environment()
    setup.installer.forget()

    setup.environment(authors=True)
    setup.environment(authors=True)
    setup.environment()

    assert setup.installer.ran == ["uv", "authors"]


def test_an_author_s_fresh_clone_is_set_up_in_one_go(setup: ModuleType) -> None:
    """Both locks are installed by one command."""
    setup.environment(authors=True)

    assert setup.installer.ran == AUTHORS


def test_what_proves_and_measures_asks_for_the_authors_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all commands `test`, `bench` and `verify --mutants` alone need more than a student has."""
    asked: list[bool] = []
    main = load(ROOT / "course" / "__main__.py")
    monkeypatch.setattr("course.setup.environment", lambda authors: asked.append(authors) or sys.executable)
    monkeypatch.setattr(main, "hand_over", lambda command: None)
    monkeypatch.setattr(main, "__package__", "course")
    monkeypatch.setattr("os.path.samefile", lambda *paths: False)
    for command in (
        "test",
        "test --quick",
        "bench saves",
        "verify 02 --mutants 40",
        "verify 02",
        "check 02",
        "watch",
        "",
    ):
        monkeypatch.setattr(sys, "argv", ["course", *command.split()])
        main.main()

    assert asked == [True, True, True, True, False, False, False, False]


def test_a_changed_lock_is_installed(setup: ModuleType) -> None:
    """A pull that changes the requirements installs them into the environment that is there."""
    setup.environment()
    setup.installer.forget()
    setup.STUDENTS.write_text("tea==2.0\n")

    setup.environment()

    assert setup.installer.ran == STUDENTS[1:]


@pytest.mark.parametrize("name", ["requirements-dev.txt", "requirements-uv.txt"])
def test_a_lock_that_a_student_does_not_have_changes_nothing(setup: ModuleType, name: str) -> None:
    """New versions of the authors' tools, or of uv, are no reason to install."""
    setup.environment()
    setup.installer.forget()
    (setup.ROOT / name).write_text("kettle==2.0\n")

    setup.environment()

    assert setup.installer.ran == []


@pytest.mark.parametrize("told", ["No module named pip", "no such option: --python"])
def test_without_a_pip_of_this_century_venv_gets_its_own(setup: ModuleType, told: str) -> None:
    """A Python without pip, or with one that can't aim at another Python, lays its own into .venv."""
    made = setup.installer

    class Refusing(Installer):
        def __call__(self, command: list[str], total: int = 0) -> None:
            super().__call__(command, total)
            if "--python" in command and "pip" in command and command[0] == setup.BASE:
                raise setup.Failed(told)

    made = setup.installer = Refusing(setup)
    setup.environment()

    assert made.ran == ["venv", "uv", "ensurepip", "uv", "students", "compile"]
    assert made.commands[3][0] == str(setup.PYTHON)


def test_where_there_is_no_uv_pip_installs_the_same_lock(setup: ModuleType) -> None:
    """On a machine that uv has no wheel for, pip takes the hashes of the same file."""
    setup.installer.fails_at = "uv"
    setup.installer.make = lambda name: Installer.make(setup.installer, name) if name != "uv" else None

    setup.environment()

    assert setup.installer.ran == STUDENTS
    assert setup.installer.commands[2][:3] == [setup.BASE, "-m", "pip"]
    assert {"--require-hashes", str(setup.STUDENTS)} <= set(setup.installer.commands[2])


def test_where_uv_fails_pip_tries(setup: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """Behind a mirror that pip knows of and uv does not, the course is set up all the same."""

    class Offline(Installer):
        def __call__(self, command: list[str], total: int = 0) -> None:
            super().__call__(command, total)
            if command[0].endswith("uv"):
                raise setup.Failed("dns error")

    setup.installer = Offline(setup)
    setup.environment()

    assert setup.installer.ran == ["venv", "uv", "students", "students", "compile"]
    assert "uv could not install them; pip tries." in capsys.readouterr().err


def test_uv_is_used_where_it_is(setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With uv on the PATH, neither venv nor pip of this Python is needed."""
    (tmp_path / "uv").touch(mode=0o755)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    setup.environment()

    assert setup.installer.ran == ["venv", "students", "compile"]
    assert [command[0] for command in setup.installer.commands[:2]] == [str(tmp_path / "uv")] * 2
    assert "--require-hashes" in setup.installer.commands[1]


def test_the_locks_hold_together() -> None:
    """What both locks name, they name in one version with the same hashes; each tells how many packages it has."""
    setup = load(ROOT / "course" / "setup.py")
    students, authors = (
        dict(re.findall(r"(?m)^([a-z][\w.-]*)==(\S+)", lock.read_text())) for lock in setup_locks(setup)
    )

    assert {"django", "channels", "httpx", "psutil", "pip"} <= set(students)
    assert not {"mypy", "ruff", "import-linter", "pytest-xdist"} & set(students)
    assert {"mypy", "ruff", "import-linter", "pytest-xdist"} <= set(authors)
    assert {name: version for name, version in authors.items() if students.get(name, version) != version} == {}
    assert 70 < setup._count(setup.STUDENTS) <= len(students)


def setup_locks(setup: ModuleType) -> tuple[Path, Path]:
    return setup.STUDENTS, setup.AUTHORS


def test_the_command_of_an_activated_environment_runs_the_course(setup: ModuleType) -> None:
    """`course` in an activated shell is the course of this clone, whatever folder it is in."""
    setup.environment()
    setup.PYTHON.unlink()
    setup.PYTHON.write_text('#!/bin/sh\necho "$@"\n')
    setup.PYTHON.chmod(0o755)

    outcome = run([str(setup.BIN / "course"), "check", "a b"], cwd=Path("/"))

    assert outcome.output == "-P -m course check a b\n"


@pytest.mark.slow_setup
def test_a_fresh_clone_checks_lesson_02(tmp_path: Path) -> None:
    """In a real clone, with Python and git alone, the first command sets up and passes; the second only passes."""
    if not (ROOT / ".git").exists():
        return  # an archive of the course, not a clone
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True, capture_output=True)
    bring_up_to_date(clone)
    python = getattr(sys, "_base_executable", sys.executable)
    hidden = {"PATH": os.pathsep.join(path for path in os.environ["PATH"].split(os.pathsep) if ".venv" not in path)}

    first = run([python, "course", "check", "02", "--solution"], cwd=clone, **hidden)
    second = run([python, "../../course", "check", "--solution"], cwd=clone / "lessons" / "02_sync_echo", **hidden)

    assert first.code == 0, first.errors
    assert "7 of 7 checks pass" in first.output
    assert "Setting up the course" in first.errors
    assert second.code == 0
    assert second.errors == ""


def bring_up_to_date(clone: Path) -> None:
    """Lay what is not committed yet over the clone."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, clone / name)
    assert "PYTHONPATH" not in environment({})
