"""The first start sets everything up; every later one finds it done, or repairs it."""

from __future__ import annotations

import errno
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from course.catalog import ROOT
from course.testbed.deadlines import deadline_s
from tests.conftest import environment, load, run, started

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
        if "-r" not in command:
            return next(name for name in ("venv", "ensurepip", "compileall") if name in command).removesuffix("all")
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
        elif name != self.fails_at:
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


def test_course_test_is_what_asks_for_the_authors_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all commands `test` alone needs more than a student has."""
    asked: list[bool] = []
    main = load(ROOT / "course" / "__main__.py")
    monkeypatch.setattr("course.setup.environment", lambda authors: asked.append(authors) or sys.executable)
    monkeypatch.setattr(main, "hand_over", lambda command: None)
    monkeypatch.setattr(main, "__package__", "course")
    monkeypatch.setattr("os.path.samefile", lambda *paths: False)
    for arguments in (["test"], ["test", "--quick"], ["check", "02"], ["watch"], []):
        monkeypatch.setattr(sys, "argv", ["course", *arguments])
        main.main()

    assert asked == [True, True, False, False, False]


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


@pytest.mark.parametrize("step", STUDENTS[:3])
@pytest.mark.parametrize("error", [None, KeyboardInterrupt(), MemoryError("killed")])
def test_a_set_up_that_did_not_finish_is_begun_anew(setup: ModuleType, step: str, error: BaseException | None) -> None:
    """Whatever stopped the first one, and wherever, the next start begins with a new environment and ends well."""
    if step == "uv" and error is None:
        return  # pip goes on without it
    setup.installer.fails_at, setup.installer.error = step, error or setup.Failed("no network")
    with pytest.raises((SystemExit, MemoryError)):
        setup.environment()
    stray = setup.VENV / "stray.txt"
    stray.write_text("half a package")
    setup.installer.forget()

    setup.environment()

    assert setup.installer.ran == STUDENTS
    assert not stray.exists()
    assert setup._done([setup.STUDENTS])


def test_an_update_that_did_not_finish_is_begun_anew(setup: ModuleType) -> None:
    """An environment that was fine before an interrupted update is not trusted."""
    setup.environment()
    setup.STUDENTS.write_text("tea==2.0\n")
    setup.installer.fails_at, setup.installer.error = "students", KeyboardInterrupt()
    with pytest.raises(SystemExit, match="The next start repairs it"):
        setup.environment()
    setup.installer.forget()

    setup.environment()

    assert setup.installer.ran == STUDENTS


def test_an_update_without_a_network_leaves_what_is_there(setup: ModuleType) -> None:
    """Where nothing was installed yet, the next start goes on from there and removes nothing."""
    setup.environment()
    setup.STUDENTS.write_text("tea==2.0\n")
    setup.installer.fails_at = "students"
    with pytest.raises(SystemExit, match="Is there a network"):
        setup.environment()
    setup.installer.forget()

    setup.environment()

    assert setup.installer.ran == STUDENTS[1:]


def test_a_student_goes_on_where_the_authors_tools_did_not_arrive(setup: ModuleType) -> None:
    """`course test` that was stopped amid its set-up costs the checks nothing, and begins anew itself."""
    setup.environment()
    setup.installer.fails_at, setup.installer.error = "authors", KeyboardInterrupt()
    with pytest.raises(SystemExit):
        setup.environment(authors=True)
    setup.installer.forget()

    setup.environment()
    ran = [*setup.installer.ran]
    setup.environment(authors=True)

    assert ran == []
    assert setup.installer.ran == AUTHORS


def test_an_environment_whose_python_is_gone_is_made_anew(setup: ModuleType) -> None:
    """After an update of the system's Python, the dangling one is replaced."""
    setup.environment()
    setup.installer.forget()
    setup.PYTHON.unlink()

    setup.environment()

    assert setup.installer.ran == STUDENTS


def test_a_clone_that_was_moved_is_set_up_again(setup: ModuleType, tmp_path: Path) -> None:
    """Paths inside an environment are absolute, so a moved clone installs once more."""
    setup.environment()
    again = replaced(Path(shutil.move(setup.ROOT, tmp_path / "moved")))

    again.environment()

    assert again.installer.ran == STUDENTS[1:]
    assert (again._site_packages() / "course.pth").read_text() == f"{again.ROOT}\n"


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


def test_the_new_environment_is_not_made_by_the_old_one(setup: ModuleType) -> None:
    """A set-up that is repaired from within .venv itself uses the Python that .venv was made from."""
    assert Path(setup.BASE).resolve() == Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    assert not Path(setup.BASE).is_relative_to(ROOT / ".venv")


def test_two_starts_at_once_set_up_once(setup: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """The second start says that it waits for the first, and finds it done."""
    inside, go_on = threading.Event(), threading.Event()

    class Slow(Installer):
        def __call__(self, command: list[str], total: int = 0) -> None:
            inside.set()
            go_on.wait(30)
            super().__call__(command, total)

    setup.installer = Slow(setup)
    starts = [threading.Thread(target=setup.environment) for _ in range(2)]
    starts[0].start()
    inside.wait(30)
    starts[1].start()
    told = ""
    for _ in range(3000):
        told += capsys.readouterr().err
        if "this one waits for it" in told:
            break
        time.sleep(0.01)
    go_on.set()
    for start in starts:
        start.join(30)

    assert "this one waits for it" in told
    assert setup.installer.ran == STUDENTS


# Kills a start at its first write, at its second, and so on; after each, the next start has to end well.
KILLED = """
import itertools, os, shutil, signal, sys
from pathlib import Path
from tests.test_setup import replaced

root, begun, steps = Path(sys.argv[1]), sys.argv[2], 0
WRITES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "shutil.rmtree"}

def start(kill_at=0):
    setup = replaced(root)
    pid = os.fork()
    if pid:
        status = os.waitpid(pid, 0)[1]
        return setup, status
    count = 0
    def hook(event, args):
        global count
        writes = event in WRITES or (event == "open" and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_APPEND))
        if writes and kill_at:
            count = count + 1
            if count == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
    globals()["count"] = 0
    sys.addaudithook(hook)
    try:
        setup.environment(authors=True)
    except BaseException as error:
        print(error)
        sys.stdout.flush()
        os._exit(1)
    os._exit(0)

for kill_at in itertools.count(1):
    shutil.rmtree(root / ".venv", ignore_errors=True)
    shutil.rmtree(root / ".course", ignore_errors=True)
    (root / "requirements.txt").write_text("tea==1.0\\n")
    if begun != "fresh":
        start()
        if begun == "unfinished":
            (root / ".venv" / "course-setup.txt").write_text("unfinished\\n")
        else:
            (root / "requirements.txt").write_text("tea==2.0\\n")
    setup, status = start(kill_at)
    if os.WIFEXITED(status):
        break
    again, status = start()
    assert status == 0, (kill_at, "the next start failed")
    assert again._done([again.STUDENTS, again.AUTHORS]), kill_at
    assert [path.name for path in (root / ".course").iterdir()] == ["setup.lock"], kill_at
print(kill_at)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills by fork")
@pytest.mark.parametrize(("begun", "least"), [("fresh", 12), ("unfinished", 25), ("update", 8)])
def test_each_write_may_be_the_last(setup: ModuleType, begun: str, least: int) -> None:
    """Killed with -9 before any of its writes, amid removing a .venv too, a set-up is repaired by the next start."""
    command = [sys.executable, "-c", KILLED, str(setup.ROOT), begun]
    done = run(command, cwd=ROOT, PYTHONPATH=str(ROOT), PYTHONDONTWRITEBYTECODE="1")

    assert done.code == 0, done.output + done.errors
    assert int(done.output.split()[-1]) > least


@pytest.mark.skipif(os.name == "nt", reason="a command holds the lock on POSIX only")
def test_what_a_killed_set_up_had_begun_ends_before_the_next(setup: ModuleType, tmp_path: Path) -> None:
    """An installer may outlive a set-up that is killed; it holds the lock, so nobody installs beside it."""
    fresh = load(setup.ROOT / "course" / "setup.py")
    begun, end = tmp_path / "begun", tmp_path / "end"
    pip = (
        "import pathlib, sys, time\n"
        "pathlib.Path(sys.argv[1]).touch()\n"
        "while not pathlib.Path(sys.argv[2]).exists(): time.sleep(0.01)"
    )
    code = "import sys; from tests.conftest import load, Path\ns = load(Path(sys.argv[1]))\n"
    code += "with s._alone() as lock: s._Run(lock)([sys.executable, '-c', *sys.argv[2:]])"
    command = [sys.executable, "-c", code, str(fresh.__file__), pip, str(begun), str(end)]
    with started(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}) as process:
        wait_until(begun.exists)
        process.kill()
        process.wait()
        with (fresh.ASIDE / "setup.lock").open("a") as lock:
            held = not fresh._locked(lock)
            end.touch()
            wait_until(lambda: fresh._locked(lock))

    assert held


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + deadline_s(30)
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)


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


def test_the_locks_hold_together() -> None:
    """What both locks name, they name in one version with the same hashes; each tells how many packages it has."""
    setup = load(ROOT / "course" / "setup.py")
    students, authors = (
        dict(re.findall(r"(?m)^([a-z][\w.-]*)==(\S+)", lock.read_text())) for lock in setup_locks(setup)
    )

    assert {"django", "channels", "httpx", "psutil", "pip"} <= set(students)
    assert not {"mypy", "ruff", "jsonschema", "import-linter", "pytest-xdist"} & set(students)
    assert {"mypy", "ruff", "jsonschema", "import-linter", "pytest-xdist"} <= set(authors)
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
