"""What the machine or the environment refuses is a fact and the next command, never a fault of the course."""

from __future__ import annotations

import errno
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from course.cli.main import need_temporary_folder
from course.errors import CourseError, of_the_machine, refusals_told
from tests.conftest import Clone, Outcome, environment, run

posix = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX system")
PASS = ("check", "02", "--solution", "--plain")
NUMBERS = ("ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EACCES", "EPERM", "EMFILE", "ENFILE", "EAGAIN", "ENOMEM", "ELOOP")


def is_no_fault(outcome: Outcome) -> bool:
    return "has a fault" not in outcome.errors and "Traceback" not in outcome.errors


@pytest.mark.parametrize("name", [*NUMBERS, "ENAMETOOLONG"])
def test_what_a_system_refuses_has_a_fact_and_a_next_step(name: str) -> None:
    """Each such error names its file, where it has one, and says what to do."""
    told = of_the_machine(OSError(getattr(errno, name), "no", "/some/file"))

    assert told is not None
    assert told.message.endswith(".")
    assert told.hint
    assert "/some/file" in told.message or name in ("EAGAIN", "ENOMEM")


def test_of_a_copy_the_file_that_is_written_is_named() -> None:
    """A disk is full where the copy goes, not where it comes from."""
    told = of_the_machine(OSError(errno.ENOSPC, "no", "/from", None, "/to"))

    assert told is not None
    assert "/to" in told.message


@pytest.mark.parametrize("error", [KeyError("tea"), RuntimeError("tea"), FileNotFoundError(errno.ENOENT, "no")])
def test_a_bug_of_ours_is_none_of_that(error: Exception) -> None:
    """What the machine has no part in stays what it is."""
    with pytest.raises(type(error)), refusals_told():
        raise error


@pytest.mark.parametrize(
    "env",
    [
        {"COLUMNS": "0", "LINES": "0"},
        {"COLUMNS": "-5"},
        {"TMPDIR": "/nowhere"},
        {"HOME": "/nowhere"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONOPTIMIZE": "2", "PYTHONWARNINGS": "error", "PYTHONDEVMODE": "1", "PYTHONINSPECT": "1"},
    ],
    ids=lambda env: next(iter(env)),
)
def test_an_odd_environment_changes_no_verdict(shared_clone: Clone, env: dict[str, str]) -> None:
    """The solution passes, and nothing is said of a fault."""
    outcome = shared_clone.run(*PASS, **env)

    assert outcome.code == 0, outcome.errors
    assert "7 of 7 checks pass" in outcome.output
    assert outcome.errors == ""


@posix
def test_a_long_tmpdir_is_left_for_a_short_one(shared_clone: Clone, tmp_path: Path) -> None:
    """Sockets have short paths only; the run takes place all the same, and leaves nothing behind there."""
    long = tmp_path / ("long" * 30)
    long.mkdir()

    assert shared_clone.run(*PASS, TMPDIR=str(long)).code == 0
    assert list(long.iterdir()) == []


def test_without_a_temporary_folder_the_next_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no folder can be written to, TMPDIR is named as the way out."""

    def find_none() -> str:
        raise FileNotFoundError("no usable temporary directory")

    monkeypatch.setattr("tempfile.gettempdir", find_none)
    with pytest.raises(CourseError) as caught:
        need_temporary_folder()

    assert "TMPDIR=" in caught.value.hint


def test_modules_on_pythonpath_take_no_place_of_ours(shared_clone: Clone, tmp_path: Path) -> None:
    """What somebody keeps for programs of their own under the name of a module of ours is not imported."""
    for name in ("course", "rich", "json", "random", "django"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the wrong module')\n")
    command = [sys.executable, str(shared_clone.root / "course"), *PASS]
    outcome = run(command, cwd=tmp_path, PYTHONPATH=str(tmp_path))

    assert outcome.code == 0, outcome.errors


@posix
@pytest.mark.parametrize("closed", [">&-", ">&- 2>&- <&-", "| true", ">/dev/full"])
def test_an_output_that_nobody_takes_is_no_fault(shared_clone: Clone, closed: str) -> None:
    """Closed or full outputs and a reader that is gone leave no traceback."""
    command = " ".join([*shared_clone.command, "list", "--json"])
    outcome = run(["/bin/sh", "-c", f"{command} {closed}"], cwd=shared_clone.root)

    assert is_no_fault(outcome), outcome.errors


@posix
@pytest.mark.skipif(os.name != "nt" and os.geteuid() == 0, reason="root has no such limit")
def test_a_limit_of_processes_is_told(shared_clone: Clone) -> None:
    """Where no process can be started, the limit is named."""
    command = " ".join([*shared_clone.command, *PASS])
    outcome = run(["/bin/bash", "-c", f"ulimit -u 1; {command}"], cwd=shared_clone.root)

    assert outcome.code == 2
    assert "starts no more processes" in outcome.errors


@posix
def test_a_limit_of_open_files_is_told(shared_clone: Clone) -> None:
    """Where hardly a file can be opened, that is a fact about the machine, in whatever process it shows."""
    command = " ".join([*shared_clone.command, *PASS])
    outcome = run(["/bin/sh", "-c", f"ulimit -n 9; {command}"], cwd=shared_clone.root)

    assert is_no_fault(outcome), outcome.errors
    assert outcome.code != 3


def test_a_port_in_use_is_told_by_docs_too(shared_clone: Clone) -> None:
    """`docs` on a taken port offers another one, as `run` does."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        outcome = shared_clone.run("docs", "--port", str(port))

    assert outcome.code == 2
    assert f"Port {port} is in use." in outcome.errors
    assert "--port" in outcome.errors


@posix
def test_ctrl_c_ends_with_130(shared_clone: Clone) -> None:
    """An interrupted command has no result: its exit code is none that tells of checks."""
    process = subprocess.Popen(
        [*shared_clone.command, *PASS], cwd=shared_clone.root, env=environment({}), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.readline()  # the title: the command is at work
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)

    assert process.returncode == 130
    assert "Traceback" not in errors


@posix
@pytest.mark.parametrize(
    "odd",
    [
        "rm echo/consumers.py; mkdir echo/consumers.py",
        "printf 'a = 1\\0\\n' > echo/consumers.py",
        "printf '# caf\\351\\n' >> echo/consumers.py",
        "ln -s loop loop; ln -s . self; rm echo/routing.py; ln -s routing.py echo/routing.py",
        "mkfifo pipe; rm echo/routing.py; mkfifo echo/routing.py",
        "rm -r *",
    ],
    ids=["folder", "nul", "latin-1", "loop", "pipe", "empty"],
)
def test_odd_files_in_a_lesson_fail_its_checks_and_are_reset(clone: Clone, odd: str) -> None:
    """Whatever is in a lesson's folder, `check` judges it and `reset` puts the starter back."""
    clone.commit()
    folder = clone.lesson().starter
    subprocess.run(["/bin/sh", "-c", odd], cwd=folder, check=True)
    outcome, reset = clone.run("check", "02", "--plain"), clone.run("reset", "02")
    status = subprocess.run(["git", "status", "--short", "lessons"], cwd=clone.root, capture_output=True, text=True)

    assert outcome.code == 1, outcome.errors
    assert is_no_fault(outcome)
    assert reset.code == 0, reset.errors
    assert status.stdout == ""


def test_a_check_goes_by_its_number(shared_clone: Clone) -> None:
    """`--only 7` takes the number that the report shows, and a report goes to standard output, alone, for `-`."""
    outcome = shared_clone.run("check", "02", "--solution", "--only", "7", "--json", "-")
    both = shared_clone.run("check", "02", "--solution", "--json", "-", "--junit", "-")
    wrong = shared_clone.run("check", "02", "--only", "99")

    assert outcome.output.startswith("{")
    assert re.findall(r'"name": "(\w+)"', outcome.output) == ["test_it_is_a_sync_consumer"]
    assert "1 of 1 checks pass" in outcome.errors
    assert (both.code, wrong.code) == (2, 2)
    assert "It has 1 to 10: " in wrong.errors


@pytest.mark.parametrize("arguments", [("check", "02", "--project", ""), ("grade", "02", "")])
def test_an_empty_name_of_a_folder_is_misuse(shared_clone: Clone, arguments: tuple[str, ...]) -> None:
    """An empty argument, as from a variable that is not set, is not the current folder."""
    outcome = shared_clone.run(*arguments)

    assert outcome.code == 2
    assert "it is empty" in outcome.errors
