"""Whatever stopped a set-up, and wherever, the next start repairs it."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from course.catalog.lessons import ROOT
from course.testbed.deadlines import deadline_s
from tests.conftest import load, run, started
from tests.setup.conftest import AUTHORS, STUDENTS, Installer, replaced


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


def test_what_the_background_leaves_of_a_removed_environment_is_no_hindrance(setup: ModuleType) -> None:
    """Who removes .venv while it is compiled may find folders of bytecode there; anything else is left alone."""
    cache = setup.VENV / "lib" / "__pycache__"
    cache.mkdir(parents=True)
    (cache / "tea.pyc").write_bytes(b"")
    setup.environment()
    assert setup._done([setup.STUDENTS])

    setup.STAMP.unlink()
    (setup.VENV / "tea.txt").write_text("mine")
    with pytest.raises(SystemExit, match="left alone"):
        setup.environment()


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


def test_compiling_that_was_stopped_is_begun_anew_and_nobody_waits_for_it(setup: ModuleType) -> None:
    """Packages are compiled beside what a command does; the next start goes on with it, unless somebody still is."""
    setup.environment()
    setup.COMPILED.unlink()
    setup.installer.forget()
    with (setup.ASIDE / "setup.lock").open("a") as lock:
        assert setup._locked(lock)
        setup.environment()
    while_held = [*setup.installer.ran]
    setup.environment()

    assert while_held == []
    assert setup.installer.ran == ["compile"]


@pytest.mark.skipif(os.name == "nt", reason="a command holds the lock on POSIX only")
def test_what_servers_import_is_compiled_in_the_background(setup: ModuleType) -> None:
    """The modules of a served package get their bytecode, and then the environment says so."""
    setup.environment()
    setup.COMPILED.unlink()
    fresh = load(setup.ROOT / "course" / "setup.py")
    module = fresh._site_packages() / "channels" / "tea.py"
    module.parent.mkdir()
    module.touch()
    fresh.PYTHON.unlink()
    fresh.PYTHON.symlink_to(sys.executable)

    fresh.environment()

    wait_until(setup.COMPILED.exists)
    assert [path.name.partition(".")[0] for path in module.parent.glob("__pycache__/*.pyc")] == ["tea"]


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
from tests.setup.conftest import replaced

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
