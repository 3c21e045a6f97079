"""Child processes end with us, whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from course.testbed.deadlines import deadline_s
from course.testbed.processes.process import Process
from course.testbed.processes.process_output import MOST_OUTPUT_BYTES

DAEMON = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.write(1, b"daemon %d\\n" % os.getpid())
        while True: time.sleep(60)
    os._exit(0)
os.wait()
os.write(1, b"parent %d\\n" % os.getpid())
while {stays}: time.sleep(60)
"""
PARENT = r"""
import sys
from pathlib import Path
from course.testbed.processes.process import Process
process = Process([sys.executable, "-c", {code!r}], cwd=Path("."))
process.wait_for("daemon [0-9]+\n", 10)
process.wait_for("parent [0-9]+\n", 10)
print(process.output, end="", flush=True)
sys.stdin.read()
"""

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX processes")


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def pids(output: str) -> list[int]:
    return [int(word) for word in output.split() if word.isdigit()]


def is_gone(pid: int) -> bool:
    """Wait until a process of this number is no more, or is a zombie that nobody has collected yet."""
    probe = f"""
import os, select
try:
    fd = os.pidfd_open({pid})
except ProcessLookupError:
    print("gone")
else:
    print("gone" if select.select([fd], [], [], {deadline_s(5)})[0] else "alive")
"""
    return subprocess.run(python(probe), capture_output=True, text=True, check=True).stdout.strip() == "gone"


def test_output_can_be_waited_on(tmp_path: Path) -> None:
    """A pattern is found in the output as soon as the command has written it."""
    process = Process(python("print('ready on 4242', flush=True); input()"), cwd=tmp_path)

    found = process.wait_for(r"ready on (\d+)", deadline_s(5))
    process.kill()

    assert found is not None
    assert found[1] == b"4242"


def test_waiting_ends_with_the_command(tmp_path: Path) -> None:
    """A command that ends without the words waited for is told at once, not at the deadline."""
    process = Process(python("raise SystemExit(7)"), cwd=tmp_path)

    found = process.wait_for("never", timeout_s=600)

    assert found is None
    assert process.wait(deadline_s(5)) == 7


def test_a_flood_is_cut_and_its_writer_killed(tmp_path: Path) -> None:
    """A command that writes 100 MB is killed, and what is kept of its output stays small."""
    process = Process(python("import os\nwhile True: os.write(1, b'x' * 65536)"), cwd=tmp_path)

    code = process.wait(deadline_s(20))

    assert code is not None
    assert process.exceeded == "it wrote more than 16 MB to its log"
    assert len(process.since(0)) < MOST_OUTPUT_BYTES + 70_000


@posix
def test_a_daemon_ends_with_the_command_that_forked_it(tmp_path: Path) -> None:
    """A process that detached itself twice does not outlive the command that started it."""
    process = Process(python(DAEMON.format(stays=False)), cwd=tmp_path)
    process.wait(deadline_s(10))

    left = [pid for pid in pids(process.output) if not is_gone(pid)]

    assert left == []


@posix
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_everything_ends_with_the_parent(tmp_path: Path, number: signal.Signals) -> None:
    """A parent that is interrupted, ended or killed with -9 leaves neither its command nor a daemon behind."""
    code = PARENT.format(code=DAEMON.format(stays=True))
    with subprocess.Popen(
        python(code), cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as parent:
        assert parent.stdout is not None
        told = parent.stdout.readline() + parent.stdout.readline()
        parent.send_signal(number)
        parent.wait(deadline_s(10))

    assert len(pids(told)) == 2
    assert [pid for pid in pids(told) if not is_gone(pid)] == []


@posix
def test_everything_ends_when_the_terminal_is_closed(tmp_path: Path) -> None:
    """A hang-up, which reaches the keeper as well as its parent, leaves nothing behind."""
    code = PARENT.format(code=DAEMON.format(stays=True))
    with subprocess.Popen(
        python(code),
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as parent:
        assert parent.stdout is not None
        told = parent.stdout.readline() + parent.stdout.readline()
        os.killpg(parent.pid, signal.SIGHUP)
        parent.wait(deadline_s(10))

    assert len(pids(told)) == 2
    assert [pid for pid in pids(told) if not is_gone(pid)] == []


@posix
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says which process the command is")
def test_a_command_that_is_stopped_before_it_begins_can_be_killed(tmp_path: Path) -> None:
    """Between fork and exec it is a copy of its supervisor, which waits for it."""
    for _ in range(20):
        process = Process(["sleep", "60"], cwd=tmp_path)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while not (found := children.read_text().split()):
            pass
        os.kill(int(found[0]), signal.SIGSTOP)

        process.kill()

        assert process.exit_code == 128 + signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says which process the command is")
def test_a_signal_reaches_the_command_and_not_its_supervisor(tmp_path: Path) -> None:
    """Sent at once, it waits for the command to begin: before that, nobody would heed it."""
    for _ in range(20):
        process = Process(["sleep", "60"], cwd=tmp_path)
        try:
            assert process.signal(signal.SIGTERM)
            assert process.wait(deadline_s(5)) == 128 + signal.SIGTERM
        finally:
            process.kill()


def test_a_command_that_ignores_the_request_to_end_is_killed(tmp_path: Path) -> None:
    """A command that ignores SIGTERM is killed once its time is over."""
    code = (
        "import signal, time\nsignal.signal(15, signal.SIG_IGN)\nprint('deaf', flush=True)\nwhile True: time.sleep(60)"
    )
    process = Process(python(code), cwd=tmp_path)
    process.wait_for("deaf", deadline_s(5))

    process.stop()

    assert process.exit_code is not None
