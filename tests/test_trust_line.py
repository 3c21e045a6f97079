"""A project can't touch its own mark, and nothing of it outlives its check."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from course.catalog.lessons import find
from course.judging.session import run_checks
from course.project.scratch_copy import PREFIX
from course.results import Report
from course.testbed.deadlines import deadline_s
from course.testbed.servers.daphne_launch import START_UNITS

LESSON = find("02")
GRACE_UNITS = 20.0  # for all else that a busy machine does meanwhile


@pytest.fixture
def judged(tmp_path: Path) -> Callable[[dict[str, str]], Report]:
    """Judge the solution of lesson 02 with some files added or replaced."""

    def judge(files: dict[str, str]) -> Report:
        shutil.copytree(LESSON.starter, tmp_path, dirs_exist_ok=True)
        shutil.copytree(LESSON.solution, tmp_path, dirs_exist_ok=True)
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        before = leftovers()  # what this worker of pytest shares among its tests
        report = run_checks(LESSON, project=tmp_path)
        assert leftovers() - before == set()
        return report

    return judge


def leftovers() -> set[str]:
    """Return the scratch folders of this process and, on Linux, the processes that live in them."""
    prefix = f"{PREFIX}{os.getpid()}-"
    found = {str(path) for path in Path(tempfile.gettempdir()).glob(f"{prefix}*")}
    if sys.platform == "linux":
        found |= {f"process {path.name}" for path in Path("/proc").glob("[0-9]*") if prefix in _cwd(path)}
    return found


def _cwd(process: Path) -> str:
    try:
        return str((process / "cwd").readlink())
    except OSError:
        return ""


def failing(report: Report) -> list[str]:
    return [check.name for check in report.checks if check.status == "failed"]


def test_a_project_that_brings_its_own_pytest_is_judged_by_ours(judged: Callable[[dict[str, str]], Report]) -> None:
    """A conftest, a pytest module and a sitecustomize of the project change nothing for the judge."""
    cheat = "import sys\nsys.modules['course'] = None\n"
    report = judged(
        {
            "conftest.py": "import pytest\n\ndef pytest_runtest_makereport(item, call):\n    call.excinfo = None\n",
            "pytest.py": cheat,
            "pytest.ini": "[pytest]\naddopts = --collect-only\n",
            "course/__init__.py": cheat,
            "sitecustomize.py": cheat,
            "echo/consumers.py": "from channels.consumer import SyncConsumer as S\n\n\nclass EchoConsumer(S): ...",
        }
    )

    assert report.exit_code == 1
    assert "test_every_message_comes_back" in failing(report)


def test_a_forged_result_is_only_output(judged: Callable[[dict[str, str]], Report]) -> None:
    """A project that prints a passed test run and JSON of its own still fails."""
    report = judged(
        {"echo/consumers.py": "print('7 passed in 0.1s')\nprint('{\"passed\": true}')\nraise SystemExit(0)\n"}
    )

    assert report.exit_code == 1
    assert "exit code 0" in report.problem


def test_a_project_that_exits_at_import_did_not_start(judged: Callable[[dict[str, str]], Report]) -> None:
    """os._exit(0) while the project is imported is a failure with its reason."""
    report = judged({"echo/consumers.py": "import os\nos._exit(0)\n"})

    assert report.problem.startswith("The server ended with exit code 0 before it was up.")
    assert "test_the_handshake_is_accepted" in failing(report)


def test_a_project_that_hangs_at_import_is_told_where(judged: Callable[[dict[str, str]], Report]) -> None:
    """An endless import fails within the start limit, and the story names the file and the line."""
    began = time.monotonic()
    report = judged({"echo/consumers.py": "import time\n\nwhile True:\n    time.sleep(1)\n"})
    took_s = time.monotonic() - began

    assert "did not start within" in report.problem
    assert 'File "echo/consumers.py", line 4' in report.problem
    assert took_s < deadline_s(START_UNITS + GRACE_UNITS)


def test_a_syntax_error_is_one_message_with_file_and_line(judged: Callable[[dict[str, str]], Report]) -> None:
    """A SyntaxError is told once for the whole project."""
    report = judged({"echo/consumers.py": "class EchoConsumer\n"})

    assert 'File "echo/consumers.py", line 1' in report.problem
    assert "SyntaxError: expected ':'" in report.problem


def test_a_child_that_stays_is_ended(judged: Callable[[dict[str, str]], Report]) -> None:
    """A daemon that the project forks at import does not survive the run, and honest answers still count."""
    daemon = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        while True:\n"
        "            time.sleep(60)\n"
        "    os._exit(0)\n"
        "os.wait()\n"
    )
    consumers = (LESSON.solution / "echo/consumers.py").read_text()
    report = judged({"echo/consumers.py": daemon + consumers})

    assert report.passed


def test_a_flood_in_the_log_is_a_failure_with_its_reason(judged: Callable[[dict[str, str]], Report]) -> None:
    """100 MB of log at the first message stop the project, and the story says so."""
    consumers = (LESSON.solution / "echo/consumers.py").read_text()
    flood = 'for _ in range(1600):\n            print("x" * 65536)\n        '
    report = judged({"echo/consumers.py": consumers.replace("# A frame holds", f"{flood}# A frame holds")})

    assert report.exit_code == 1
    told = next(check.failure for check in report.checks if check.name == "test_every_message_comes_back")
    assert told is not None
    assert "wrote more than 16 MB to its log" in told.message


def test_a_crash_in_one_check_leaves_the_others_a_fair_start(judged: Callable[[dict[str, str]], Report]) -> None:
    """A server that one message brings down is started anew for the next check."""
    consumers = (LESSON.solution / "echo/consumers.py").read_text()
    report = judged({"echo/consumers.py": "import os\n" + consumers.replace('event["bytes"]', "os._exit(9)")})

    assert failing(report) == ["test_a_binary_frame_comes_back_as_binary"]
    told = report.first_failure
    assert told is not None
    assert told.failure is not None
    assert "ended in the middle, with exit code 9" in told.failure.message


def test_a_server_that_blocks_everything_fails_within_its_limit(judged: Callable[[dict[str, str]], Report]) -> None:
    """A consumer that blocks the whole server is replaced between checks; the run ends within a stated time."""
    blocking = (
        "import time\n"
        "from channels.consumer import AsyncConsumer\n\n\n"
        "class EchoConsumer(AsyncConsumer):\n"
        "    async def websocket_connect(self, event):\n"
        "        time.sleep(3600)\n"
    )
    began = time.monotonic()
    report = judged({"echo/consumers.py": blocking})
    took_s = time.monotonic() - began

    assert report.exit_code == 1
    assert took_s < deadline_s(30)
