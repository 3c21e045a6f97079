"""A command on a terminal, in a pipe, and at an interrupt."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from course.testbed.deadlines import deadline_s
from tests.conftest import Clone, started

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX processes and terminals")


@posix
def test_no_color_is_honoured_on_a_terminal(shared_clone: Clone) -> None:
    """On a terminal there is colour, and with NO_COLOR none."""
    with_color, without = on_terminal(shared_clone, {}), on_terminal(shared_clone, {"NO_COLOR": "1"})
    color = re.compile(r"\x1b\[[\d;]*3[1-7]m")

    assert "✓" in with_color
    assert "✓" in without
    assert color.search(with_color)
    assert not color.search(without)


def on_terminal(clone: Clone, env: dict[str, str]) -> str:
    """Run a check on a terminal of 100 columns, and return what was written there."""
    import pty

    leader, follower = pty.openpty()
    command = [*clone.command, "check", "02", "--solution", "--only", "test_it_is_a_sync_consumer"]
    env = {"COLUMNS": "100", "TERM": "xterm", **env}
    with started(command, stdin=follower, stdout=follower, stderr=follower, env=env) as process:
        os.close(follower)
        told = b""
        while chunk := read(leader):
            told += chunk
        process.wait(deadline_s(30))
    os.close(leader)
    return told.decode()


def read(fd: int) -> bytes:
    try:
        return os.read(fd, 65536)
    except OSError:  # the last process on the terminal has ended
        return b""


def test_an_output_that_knows_no_symbols_is_no_crash(shared_clone: Clone) -> None:
    """A terminal or pipe in Latin-1 gets a ? where it can't show a symbol."""
    outcome = shared_clone.run(
        "check", "02", "--solution", "--only", "test_it_is_a_sync_consumer", PYTHONIOENCODING="latin-1"
    )

    assert outcome.code == 0
    assert outcome.errors == ""


@posix
def test_a_reader_that_goes_away_changes_no_verdict(shared_clone: Clone) -> None:
    """`course check … | head -1` is no fault of the course: no traceback, and the exit code of the checks."""
    command = [*shared_clone.command, "check", "02", "--solution"]
    with started(command) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
        code = process.wait(deadline_s(30))

    assert errors == b""
    assert code == 0


@posix
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 130)])
def test_an_interrupt_ends_with_130_and_leaves_nothing(
    shared_clone: Clone, tmp_path: Path, short_path: Path, number: signal.Signals, code: int
) -> None:
    """Ctrl-C in the middle of a check ends it with 130; no process and no scratch folder is left."""
    hangs = tmp_path / "project"
    subprocess.run(["cp", "-r", str(shared_clone.lesson().starter), str(hangs)], check=True)
    (hangs / "echo/consumers.py").write_text("import time\nprint('it hangs', flush=True)\ntime.sleep(3600)\n")
    env = {"TMPDIR": str(short_path), "PYTHONUNBUFFERED": "1"}
    command = [*shared_clone.command, "check", "02", "--project", str(hangs)]
    with started(command, env=env, start_new_session=True) as process:
        until_it_serves(short_path)
        os.killpg(process.pid, number)
        ended = process.wait(deadline_s(15))

    assert ended == code
    assert list(short_path.iterdir()) == []
    assert in_folder(short_path) == []


def until_it_serves(scratch: Path) -> None:
    """Wait until a process runs in the scratch folder (its working folder is there)."""
    until = time.monotonic() + deadline_s(15)
    while not in_folder(scratch) and time.monotonic() < until:
        time.sleep(0.02)  # a process that starts tells nobody
    assert in_folder(scratch)


def in_folder(folder: Path) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder) in str((process / "cwd").readlink()):
                found.append(process.name)
        except OSError:
            pass  # ended meanwhile, or another user's
    return found
