"""What a set-up says: how far it is, what it could not do, and the next command."""

from __future__ import annotations

import errno
import importlib.util
import os
import sys
import time
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from course.catalog.lessons import ROOT
from course.testbed.deadlines import deadline_s
from tests.conftest import load


def test_a_foreign_environment_is_refused_and_untouched(setup: ModuleType) -> None:
    """A .venv that somebody else made is left as it is, and the message tells what to do with it."""
    setup.VENV.mkdir()
    (setup.VENV / "theirs.txt").write_text("precious")

    with pytest.raises(SystemExit) as ended:
        setup.environment()

    assert "left alone" in str(ended.value)
    assert f"mv {setup.VENV} {setup.VENV}-mine" in str(ended.value)
    assert [path.name for path in setup.VENV.iterdir()] == ["theirs.txt"]
    assert setup.installer.ran == []


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_python_without_venv_names_the_package(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    """Where the system took out venv, or pip and ensurepip, the message names its package; nothing is left behind."""
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == missing else find(name))
    setup.installer.fails_at, setup.installer.error = "uv", setup.Failed("No module named pip")

    with pytest.raises(SystemExit) as ended:
        setup.environment()

    assert f"apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv" in str(ended.value)
    assert not setup.VENV.exists()


@pytest.mark.parametrize(
    ("number", "told", "next_command"),
    [
        (errno.ENOSPC, "The disk is full. Make room in ", "start again: python3 course"),
        (errno.EROFS, "The set-up may not write to ", "cp -r "),
        (errno.EACCES, "The set-up may not write to ", "cp -r "),
        (errno.EIO, "The set-up failed: ", "Start again to repair it: python3 course"),
    ],
)
def test_what_the_system_refuses_is_a_fact_and_a_command(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, number: int, told: str, next_command: str
) -> None:
    """A clone that can't be written to, or a full disk, ends with a message and no traceback."""

    def refuse(path: Path, **options: object) -> None:
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)

    with pytest.raises(SystemExit) as ended:
        setup.environment()

    assert str(ended.value).startswith(told)
    assert next_command in str(ended.value)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("error: failed to write: No space left on device (os error 28)", "The disk is full. Make room in "),
        ("error: dns error", "Is there a network?"),
    ],
)
def test_an_installer_that_fails_says_what_it_said(setup: ModuleType, said: str, asked: str) -> None:
    """The last lines of pip, the command, the likely cause and what to do are in the message."""
    fresh = load(setup.ROOT / "course" / "setup.py")
    command = [sys.executable, "-c", f"print({said!r}); raise SystemExit(1)"]
    fresh._make = lambda run: run(command)

    with pytest.raises(SystemExit) as ended:
        fresh.environment()

    assert said in str(ended.value)
    assert f"The set-up failed at: {sys.executable} -c" in str(ended.value)
    assert asked in str(ended.value)
    assert str(ended.value).endswith("Start again to repair it: python3 course")


def test_a_program_that_is_not_there_fails_as_one_that_fails(setup: ModuleType) -> None:
    """A uv that can't be run is no reason to stop."""
    fresh = load(setup.ROOT / "course" / "setup.py")

    with pytest.raises(fresh.Failed, match="The set-up failed at: "), open(os.devnull) as lock:  # noqa: PTH123
        fresh._Run(lock.fileno())([str(setup.ROOT / "uv")])


def test_outside_a_terminal_progress_is_a_line_a_step(setup: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody watches, progress is a few lines and no control characters."""
    fresh = load(setup.ROOT / "course" / "setup.py")
    fresh._Counter.patience_s = 0.01
    with open(os.devnull) as lock:  # noqa: PTH123
        fresh._Run(lock.fileno())([sys.executable, "-c", "import time; time.sleep(0.1)"], total=2)

    assert capsys.readouterr().err == "Installing 2 packages\n"


def test_on_a_terminal_packages_and_seconds_are_counted(
    setup: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes more than a moment counts what has arrived, and clears its line at the end."""
    fresh = load(setup.ROOT / "course" / "setup.py")
    fresh._Counter.patience_s = 0.01
    site = setup.VENV / "lib" / "python3.99" / "site-packages"
    site.mkdir(parents=True)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    told = ""
    with fresh._Counter(2):
        (site / "tea.dist-info").mkdir()
        until = time.monotonic() + deadline_s(30)
        while "1 of 2 packages, 0 s" not in told and time.monotonic() < until:
            told += capsys.readouterr().err
    told += capsys.readouterr().err

    assert "\r\x1b[K  1 of 2 packages, 0 s" in told
    assert told.endswith("\r\x1b[K")


def test_an_old_python_is_told_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python that is too old gets one sentence and the command to type, not a traceback."""
    main = load(ROOT / "course" / "__main__.py")
    monkeypatch.setattr(main, "sys", SimpleNamespace(version_info=(3, 9, 1), exit=sys.exit, argv=[], path=[]))

    with pytest.raises(SystemExit) as ended:
        main.main()

    assert str(ended.value).startswith("This course needs Python 3.11 or newer; this is 3.9.")


def test_main_can_be_compiled_by_an_old_python() -> None:
    """What an old Python reads first holds nothing that it could not parse (3.6 stands for old)."""
    import ast

    text = (ROOT / "course" / "__main__.py").read_text(encoding="utf-8")

    assert ast.parse(text, feature_version=(3, 6))
