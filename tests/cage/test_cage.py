"""What a cage keeps in, and how much its processes may use; flag by flag it is tried in test_flags.py."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from course.testbed.cage import seccomp
from course.testbed.cage.limits import MB
from course.testbed.deadlines import comes_true

InACage = Callable[..., dict[str, Any]]
CONNECT = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1]))); print('out')"


@pytest.fixture
def port() -> Any:
    """A port of the machine on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_the_network_keeps_the_machine_out(in_a_cage: InACage, port: int) -> None:
    """A port of the machine is reached where the judge has not entered a network of its own, and else it is not."""
    assert in_a_cage(CONNECT, port, is_apart=False)["output"] == "out\n"
    assert "refused" in in_a_cage(CONNECT, port)["output"]


def test_nothing_of_the_course_is_there(in_a_cage: InACage) -> None:
    """A cage shows no engine, no checks, no solutions and no home, but the few files that run beside a project."""
    code = """
import os, sys
for top in sys.argv[1:]:
    for folder, _, files in os.walk(top):
        print(*(os.path.join(folder, name) for name in files), sep="\\n", end="\\n" if files else "")
"""
    root = Path(__file__).parents[2]

    seen = in_a_cage(code, *(root / name for name in ("course", "checks", "solutions", "lessons", "tests", ".git")))

    assert {Path(line).name for line in seen["output"].split()} == {
        "application_recorder.py", "daphne_entry.py", "forkserver.py", "supervisor.py",
    }  # fmt: skip


def test_a_variable_of_ours_stays_outside(in_a_cage: InACage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment holds nothing of the instructor's."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret")

    assert "s3cret" not in in_a_cage("import os; print(dict(os.environ))")["output"]


def test_files_that_we_open_lead_nowhere(in_a_cage: InACage, tmp_path: Path) -> None:
    """A link that a submission makes of its file is not followed by the judge."""
    script = """
from contextlib import closing
from pathlib import Path
from course.testbed.cage import namespaces
namespaces.enter()
from course.testbed.cage.cage import Cage
with closing(Cage()) as cage:
    (cage.home / "db.sqlite3").symlink_to("/etc/passwd")
    try:
        (cage.home / "db.sqlite3").read_bytes()
    except OSError as error:
        print(error.strerror)
"""
    said = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, check=True).stdout

    assert said == "Too many levels of symbolic links\n"


FORKS = "import os, time\nfor _ in '12': os.fork()\nx = b'x' * 90_000_000\ntime.sleep(9)"
FILES = "for name in 'xy': open(name, 'wb').write(bytes(20_000_000))"
SOCKETS = "import socket, time\nkept = [socket.socketpair() for _ in range(150)]\ntime.sleep(9)"
LIMITS = (
    ("memory_bytes", 200 * MB, FORKS, "more than 200 MB of memory"),
    ("copy_bytes", 20 * MB, FILES, "more than 20 MB of files"),
    ("cpu_s", 1, "while True: pass", "more than 1 s of processor time"),
    ("files", 500, "for name in range(600): open(str(name), 'w')", "more than 500 files"),
    ("sockets", 200, SOCKETS, "more than 200 sockets"),
)


@pytest.mark.parametrize(("limit", "value", "code", "reason"), LIMITS, ids=[limit[0] for limit in LIMITS])
def test_what_all_processes_use_together_is_limited(
    in_a_cage: InACage, limit: str, value: int, code: str, reason: str
) -> None:
    """More than may be used ends all processes, and the reason says of what."""
    assert in_a_cage(code, **{limit: value})["exceeded"] == reason


def test_a_crowd_of_threads_is_ended(in_a_cage: InACage) -> None:
    """Processes and threads of several programs count together."""
    code = """
import subprocess, sys, time
crowd = "import threading, time\\nfor _ in range(9): threading.Thread(target=time.sleep, args=(9,)).start()"
for _ in range(3):
    subprocess.Popen([sys.executable, "-c", crowd])
time.sleep(9)
"""
    outcome = in_a_cage(code, processes=20)

    assert outcome["exceeded"] == "more than 20 processes and threads" or "unavailable" in outcome["output"]


def test_a_filter_is_made_for_known_machines_only() -> None:
    """The filter is a list of whole instructions, and a machine whose numbers are unknown gets none."""
    assert [len(seccomp.program(machine)) % 8 for machine in seccomp.AUDIT] == [0, 0]
    assert seccomp.program("vax") == b""


ENDINGS = {"bwrap": True, "by itself": False, "by us": False}


@pytest.mark.parametrize(("who", "from_outside"), ENDINGS.items(), ids=ENDINGS)
def test_who_ends_a_cage_from_outside_is_known(who: str, from_outside: bool) -> None:
    """No process in a cage can look as if somebody outside had ended it, and the judge itself is nobody outside."""
    script = """
import os, signal, sys
from contextlib import closing
from course.testbed.cage import namespaces
namespaces.enter()
from course.testbed.cage.cage import Cage
from course.testbed.cage.usage import descendants
from course.testbed.processes.process import Process
dies = "kill -9 $$" if sys.argv[1] == "by itself" else "sleep 60"
with closing(Cage()) as cage:
    process = Process(["sh", "-c", f"echo begun; {dies}; true"], cwd=cage.home, spawn=cage.spawn)
    process.wait_for("begun", 20)
    for pid in descendants(os.getpid()):
        if open(f"/proc/{pid}/comm").read() == f"{sys.argv[1]}\\n":
            os.kill(pid, signal.SIGKILL)
            break
    if sys.argv[1] != "by us":
        process.wait(20)
    process.kill()
    print(cage.ended_from_outside)
"""
    command = [sys.executable, "-P", "-c", script, who]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert said == f"{from_outside}\n"


def test_a_cage_ends_with_its_supervisor() -> None:
    """Who is killed with -9 leaves nobody in a cage."""
    script = """
import sys, time
from course.testbed.cage import namespaces
namespaces.enter()
from course.testbed.cage.cage import Cage
from course.testbed.processes.process import Process
cage = Cage()
process = Process(["sleep", sys.argv[1]], cwd=cage.home, spawn=cage.spawn)
print("begun", flush=True)
time.sleep(60)
"""
    mark = f"{1000 + os.getpid() / 1e7:.7f}"
    with subprocess.Popen([sys.executable, "-P", "-c", script, mark], stdout=subprocess.PIPE) as judge:
        assert judge.stdout
        judge.stdout.readline()
        assert comes_true(lambda: len(living(mark)) > 0, 10)
        judge.kill()

    assert comes_true(lambda: not living(mark), 10), living(mark)


def living(mark: str) -> list[bytes]:
    """Return the commands that run with this argument, but for the judge's."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if mark.encode() in words and b"-P" not in words:
            found.append(b" ".join(words[:3]))
    return found
