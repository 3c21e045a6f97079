"""How long a verdict takes: the course's checks against other ways to test the same chat, in turns in one run."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

from course.bench.machine_facts import beginning
from course.bench.verdict_plot import picture, table
from course.catalog.lessons import ROOT, find
from course.errors import CourseError
from course.judging.session import run_checks
from course.project.scratch_copy import copy_tree, scratch
from course.testbed.deadlines import deadline_s
from course.testbed.processes.environment import python
from course.testbed.processes.forkserver_client import Forkserver
from course.testbed.servers.redis_server import Redis
from course.testbed.shared import SharedParts
from course.testbed.tools.browser_install import find as find_browser

LESSON = "09_chat_sync"
SAME = ("test_everyone_in_the_room_hears_it_once", "test_another_room_hears_nothing")
WINDOWS = ("test_two_windows_talk",)
RIVALS = Path(__file__).with_name("rivals")
ROUNDS = 9
LONGEST_UNITS = 60.0
STORED = Path("docs/assets/bench/verdict.json")
DRAWN = {STORED.with_suffix(".svg"): picture, Path("includes/bench/verdict.md"): table}


def measure(told: Callable[[str], None], rounds: int = ROUNDS) -> dict[str, object]:
    """Take turns for `rounds` rounds after one that does not count; return the seconds of each.

    Raises CourseError where there is no browser, and when a way finds fault with the chat, which is right.
    """
    begun, lesson = beginning(), find(LESSON)
    with ExitStack() as stack:
        shared = stack.enter_context(closing(SharedParts(Forkserver())))
        redis = stack.enter_context(Redis())
        chat = stack.enter_context(scratch(lesson, solved=True))
        copy_tree(RIVALS, chat)
        ways: dict[str, Callable[[], None]] = {
            "watch_wire": lambda: _warm(SAME, shared),
            "watch_windows": lambda: _warm(WINDOWS, shared),
            "check_wire": lambda: _cold(SAME),
            "check_windows": lambda: _cold(WINDOWS),
            "communicator": lambda: _rival("test_communicator.py", chat, redis.url),
            "live_server": lambda: _rival("test_live_server.py", chat, redis.url),
        }
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(rounds + 1):
            told(f"round {number} of {rounds}")
            for name, way in ways.items():
                began = time.perf_counter()
                way()
                if number:
                    seconds[name].append(round(time.perf_counter() - began, 3))
    medians = {name: statistics.median(each) for name, each in seconds.items()}
    return begun | {
        "lesson": LESSON,
        "rounds": rounds,
        "ways": {name: {"median_s": medians[name], "all_s": each} for name, each in seconds.items()},
        "times_as_long_as_the_tutorials_way": {
            name: round(median / medians["live_server"], 3) for name, median in medians.items()
        },
    }


def _warm(checks: tuple[str, ...], shared: SharedParts) -> None:
    report = run_checks(find(LESSON), solved=True, only=checks, shared=shared)
    if not report.all_passed:
        raise CourseError(f"{', '.join(checks)} did not pass.")


def _cold(checks: tuple[str, ...]) -> None:
    chosen = [word for name in checks for word in ("--only", name)]
    _run(python("-P", "-m", "course", "check", LESSON, "--solution", "--plain", *chosen), ROOT, {})


def _rival(file: str, chat: Path, redis_url: str) -> None:
    browser = find_browser(shell=False)
    if not browser:
        raise CourseError("Without Chrome nothing can be compared.", "See: python3 course doctor")
    env = {"REDIS_URL": redis_url, "BENCH_BROWSER": str(browser.browser), "BENCH_DRIVER": str(browser.driver)}
    arguments = ("-q", "-p", "no:cacheprovider", "--ds", "rival_settings", "--rootdir", str(chat), file)
    _run(python("-m", "pytest", *arguments), chat, env)


def _run(command: list[str], folder: Path, env: dict[str, str]) -> None:
    limit_s = deadline_s(LONGEST_UNITS)
    done = subprocess.run(command, cwd=folder, env={**os.environ, **env}, capture_output=True, timeout=limit_s)
    if done.returncode != 0:
        said = (done.stdout + done.stderr).decode(errors="replace")[-2000:]
        raise CourseError(f"This did not pass: {' '.join(command)}\n{said}")
