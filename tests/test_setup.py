"""The first start sets everything up; every later one finds it done, or repairs it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from course.catalog.lessons import ROOT
from tests.conftest import environment, load, run

PROJECT = '[project]\nname = "course"\n\n[tool.ruff]\nline-length = 120\n'


class Installer:
    """Stands in for venv, pip and uv: writes down what is run, and makes what they would make."""

    def __init__(self, setup: ModuleType) -> None:
        self.setup = setup
        self.ran: list[str] = []
        self.fails_at = ""
        self.error: BaseException = SystemExit("no network")

    def __call__(self, command: list[str], say: object, total: int = 0) -> None:
        name = "venv" if "venv" in command else "editable" if "-e" in command else "install"
        self.ran.append(name)
        if name == "venv":
            self.setup.PYTHON.parent.mkdir(parents=True, exist_ok=True)
            self.setup.PYTHON.touch()
        if name == self.fails_at:
            raise self.error

    def forget(self) -> None:
        self.ran.clear()
        self.fails_at = ""


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return course/setup.py as it is in a fresh clone, with the installer replaced."""
    root = tmp_path / "clone"
    (root / "course").mkdir(parents=True)
    shutil.copy(ROOT / "course" / "setup.py", root / "course")
    (root / "pyproject.toml").write_text(PROJECT)
    (root / "requirements.txt").write_text("tea==1.0 --hash=sha256:00\n")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    module = load(root / "course" / "setup.py")
    module._run = Installer(module)
    return module


def test_the_first_start_installs_everything(setup: ModuleType) -> None:
    """An environment, the locked packages and the course itself, in this order."""
    python = setup.environment()

    assert python == str(setup.PYTHON)
    assert setup._run.ran == ["venv", "install", "editable"]


def test_a_second_start_does_nothing(setup: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """What is done is not done again, and nothing is said."""
    setup.environment()
    setup._run.forget()
    capsys.readouterr()

    setup.environment()

    assert setup._run.ran == []
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("file", "text"), [("requirements.txt", "tea==2.0\n"), ("pyproject.toml", PROJECT.replace("course", "tea"))]
)
def test_a_changed_lock_is_installed(setup: ModuleType, file: str, text: str) -> None:
    """A pull that changes the requirements installs them into the environment that is there."""
    setup.environment()
    setup._run.forget()
    (setup.ROOT / file).write_text(text)

    setup.environment()

    assert setup._run.ran == ["install", "editable"]


def test_a_changed_setting_of_a_tool_installs_nothing(setup: ModuleType) -> None:
    """The settings of ruff, mypy and pytest in pyproject.toml are no reason to install."""
    setup.environment()
    setup._run.forget()
    (setup.ROOT / "pyproject.toml").write_text(PROJECT.replace("120", "100"))

    setup.environment()

    assert setup._run.ran == []


@pytest.mark.parametrize("step", ["venv", "install", "editable"])
@pytest.mark.parametrize("error", [SystemExit("no network"), KeyboardInterrupt(), MemoryError("killed")])
def test_a_set_up_that_did_not_finish_is_begun_anew(setup: ModuleType, step: str, error: BaseException) -> None:
    """Whatever stopped the first one, and wherever, the next start begins with a new environment and ends well."""
    setup._run.fails_at, setup._run.error = step, error
    with pytest.raises((SystemExit, MemoryError)):
        setup.environment()
    stray = setup.VENV / "stray.txt"
    stray.write_text("half a package")
    setup._run.forget()

    setup.environment()

    assert setup._run.ran == ["venv", "install", "editable"]
    assert not stray.exists()
    assert setup._done()


def test_an_update_that_did_not_finish_is_begun_anew(setup: ModuleType) -> None:
    """An environment that was fine before an interrupted update is not trusted."""
    setup.environment()
    (setup.ROOT / "requirements.txt").write_text("tea==2.0\n")
    setup._run.fails_at, setup._run.error = "install", KeyboardInterrupt()
    with pytest.raises(SystemExit, match="The next start repairs it"):
        setup.environment()
    setup._run.forget()

    setup.environment()

    assert setup._run.ran == ["venv", "install", "editable"]


def test_an_environment_whose_python_is_gone_is_made_anew(setup: ModuleType) -> None:
    """After an update of the system's Python, the dangling one is replaced."""
    setup.environment()
    setup._run.forget()
    setup.PYTHON.unlink()

    setup.environment()

    assert setup._run.ran == ["venv", "install", "editable"]


def test_a_clone_that_was_moved_is_set_up_again(setup: ModuleType, tmp_path: Path) -> None:
    """Paths inside an environment are absolute, so a moved clone installs once more."""
    setup.environment()
    moved = shutil.move(setup.ROOT, tmp_path / "moved")
    again = load(Path(moved) / "course" / "setup.py")
    again._run = Installer(again)

    again.environment()

    assert again._run.ran == ["install", "editable"]


def test_a_foreign_environment_is_refused_and_untouched(setup: ModuleType) -> None:
    """A .venv that somebody else made is left as it is, and the message tells what to do with it."""
    setup.VENV.mkdir()
    (setup.VENV / "theirs.txt").write_text("precious")

    with pytest.raises(SystemExit) as ended:
        setup.environment()

    assert "left alone" in str(ended.value)
    assert f"mv {setup.VENV} {setup.VENV}-mine" in str(ended.value)
    assert [path.name for path in setup.VENV.iterdir()] == ["theirs.txt"]
    assert setup._run.ran == []


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_python_without_venv_names_the_package(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    """Where the system took venv or ensurepip out, the message names its package; nothing is left behind."""
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == missing else find(name))

    with pytest.raises(SystemExit) as ended:
        setup.environment()

    assert f"apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv" in str(ended.value)
    assert not setup.VENV.exists()


def test_uv_is_used_where_it_is(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """With uv on the PATH, neither venv nor pip of this Python is needed."""
    commands: list[list[str]] = []
    made = setup._run

    def note(command: list[str], say: object, total: int = 0) -> None:
        commands.append(command)
        made(command, say, total)

    setup._run = note
    monkeypatch.setattr(shutil, "which", lambda name: "/opt/uv")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    setup.environment()

    assert [command[0] for command in commands] == ["/opt/uv"] * 3
    assert all("--require-hashes" in command for command in commands[1:2])


def test_the_new_environment_is_not_made_by_the_old_one(setup: ModuleType) -> None:
    """A set-up that is repaired from within .venv itself uses the Python that .venv was made from."""
    assert Path(setup.BASE).resolve() == Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    assert not Path(setup.BASE).is_relative_to(ROOT / ".venv")


def test_two_starts_at_once_set_up_once(setup: ModuleType) -> None:
    """The second start waits for the first, and finds it done."""
    inside, go_on = threading.Event(), threading.Event()
    made = setup._run

    def slow(command: list[str], say: object, total: int = 0) -> None:
        inside.set()
        go_on.wait(30)
        made(command, say, total)

    setup._run = slow
    starts = [threading.Thread(target=setup.environment) for _ in range(2)]
    starts[0].start()
    inside.wait(30)
    starts[1].start()
    go_on.set()
    for start in starts:
        start.join(30)

    assert made.ran == ["venv", "install", "editable"]


def test_an_installer_that_fails_says_what_it_said(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last lines of pip, the command, and what to do are in the message."""
    fresh = load(setup.ROOT / "course" / "setup.py")
    command = [sys.executable, "-c", "print('No matching distribution'); raise SystemExit(1)"]

    with pytest.raises(SystemExit) as ended:
        fresh._run(command, fresh._Progress())

    assert "No matching distribution" in str(ended.value)
    assert "Start again to repair it: python3 course" in str(ended.value)


def test_packages_are_counted_outside_a_terminal_without_noise(
    setup: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where nobody watches, progress is a few lines and no control characters."""
    fresh = load(setup.ROOT / "course" / "setup.py")
    code = "print('Collecting tea==1.0'); print('Collecting milk==2.0'); print('Installing collected packages: tea')"

    fresh._run([sys.executable, "-c", code], fresh._Progress(), total=2)

    assert capsys.readouterr().err == "Unpacking them\n"


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
