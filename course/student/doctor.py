"""What this machine has, and a remedy for what it has not."""

from __future__ import annotations

import platform
import shutil
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from watchfiles import watch

from course.errors import CourseError
from course.student.dev_server import is_free
from course.testbed.cage import self_test
from course.testbed.servers.redis_server import Redis
from course.testbed.tools import bubblewrap_install, node
from course.testbed.tools import nginx_install as nginx
from course.testbed.tools.browser_install import DEBIANS, find, find_browser


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. What is optional may be missing and the course still runs."""

    name: str
    fine: bool
    told: str
    remedy: str = ""
    optional: bool = False


def examine() -> Iterator[Finding]:
    """Yield what is found, one thing after the other."""
    yield Finding("Python", True, f"{platform.python_version()} on {platform.system()}")  # an old one never gets here
    for name in ("django", "channels", "daphne", "pytest", "selenium"):
        try:
            yield Finding(name, True, version(name))
        except PackageNotFoundError:
            yield Finding(name, False, "not installed", "Remove .venv and start again: python3 course")
    git = shutil.which("git")
    yield Finding("git", git is not None, git or "not found", "Install git; 'course reset' needs it.")
    yield from _browser()
    yield _node()
    yield _redis()
    yield _nginx()
    yield _cage()
    port = "free" if is_free(8000) else "in use"
    yield Finding("Port 8000", port == "free", port, "Use another: python3 course run 02 --port 8010", optional=True)
    yield _file_events()


def _browser() -> Iterator[Finding]:
    browser = find_browser()
    remedy = "Install Chrome or Chromium (Debian: apt-get install chromium chromium-driver). Lessons from 06 on use it."
    yield Finding("Browser", browser is not None, str(browser or "not found"), remedy, optional=True)
    if browser in DEBIANS:
        remedy = "Browser checks are quicker in it: apt-get install chromium-headless-shell"
        yield Finding("Headless shell", False, "not found", remedy, optional=True)
    found = find()
    remedy = "apt-get install chromium-driver; else Selenium Manager fetches one when a lesson needs it."
    yield Finding(
        "Browser driver", found is not None, str(found.driver if found else "not found"), remedy, optional=True
    )


def _node() -> Finding:
    found = node.find()
    told = f"{found.version}, {found.node}" if found else f"no Node {node.LEAST} or newer with npm"
    return Finding("Node", found is not None, told, f"{node.HELP} Lesson 16 uses it.", optional=True)


def _redis() -> Finding:
    try:
        with Redis() as redis:
            return Finding("Redis", True, f"{'embedded Valkey' if redis.embedded else 'REDIS_URL'}, {redis.url}")
    except CourseError as error:
        return Finding("Redis", False, error.message, error.hint, optional=True)


def _nginx() -> Finding:
    program = nginx.find()
    told = f"{program}, {nginx.version_of(program)}" if program else "not found"
    remedy = (
        "Install it (Debian: apt-get install nginx); on Debian and Ubuntu the course gets it when lesson 17 needs it."
    )
    return Finding("nginx", program is not None, told, remedy, optional=True)


def _cage() -> Finding:
    """Say whether submissions of others can be kept in cages."""
    program = bubblewrap_install.find()
    try:
        if program:
            self_test.prove()
    except bubblewrap_install.NoCage as reason:
        return Finding("Cage", False, reason.message, reason.hint, optional=True)
    told = f"{program}, {bubblewrap_install.version_of(program)}, holds" if program else "no bubblewrap"
    remedy = f"{bubblewrap_install.HELP} 'course grade' needs it."
    return Finding("Cage", program is not None, told, remedy, optional=True)


def _file_events() -> Finding:
    """Save a file in a fresh folder and see whether `watch` would hear of it."""
    with tempfile.TemporaryDirectory(prefix="course-doctor-") as folder:
        heard = threading.Event()
        begun = threading.Event()

        def listen() -> None:
            for changes in watch(folder, stop_event=heard, rust_timeout=100, yield_on_timeout=True):
                begun.set()
                if changes:
                    heard.set()

        threading.Thread(target=listen, daemon=True).start()
        begun.wait(5)
        Path(folder, "saved.py").write_text("saved")
        fine = heard.wait(5)
        heard.set()
    remedy = "Set WATCHFILES_FORCE_POLLING=1; then 'course watch' then polls for changes."
    return Finding("File watching", fine, "a save is heard" if fine else "no event came", remedy)
