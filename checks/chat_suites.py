"""What lesson 12 asks of tests: that they pass for chats that work, and fail for chats that do not.

A run gets a copy of the student's project with a chat of ours laid over it, and a Redis that nobody else uses.
"""

import hashlib
import json
import os
import random
import re
import secrets
import shutil
import tempfile
import threading
import tomllib
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import suite_runs

from course.catalog import find as find_lesson
from course.errors import Unmet
from course.mistakes import Edit, Mistake
from course.project import read_project
from course.testbed.browser import provision
from course.testbed.redis import Redis
from course.workspace import PREFIX, copy_tree, files_of

HERE = Path(__file__).with_name("12_chat_tests")
LESSON = find_lesson("12_chat_tests", HERE.parents[1])
LANES = min(4, 1 + (os.cpu_count() or 1))  # one more than cores: some runs wait, for a page or for a message
OUR_PARTS = ("chat", "config")
OUR_SETTINGS = "config.settings"
COMMENTS = {".py": "#", ".js": "//"}
TEST_FILE = re.compile(r"test.*|.*_test\.py|conftest\.py")
AGAIN = "test_they_pass_in_any_order"
REWRITTEN = "test_they_pass_for_the_same_chat_in_other_words"
OWN = "test_your_database_is_left_alone"


@dataclass(frozen=True)
class Broken:
    """A chat that is broken: what it is, in words, and the check that asks whether the tests notice."""

    chat: str
    check: str
    edits: tuple
    slow: bool = False

    def lay_over(self, project):
        Mistake(self.check, self.chat, "", "", self.check, self.edits).apply(project)


def broken_chats():
    """Return the chats of broken.toml by their checks."""
    entries = tomllib.loads((HERE / "broken.toml").read_text(encoding="utf-8"))["broken"]
    found = [Broken(entry["chat"], entry["check"], tuple(_edits(entry)), entry.get("slow", False)) for entry in entries]
    return {broken.check: broken for broken in found}


def _edits(entry):
    for edit in entry.get("edits") or [{key: entry[key] for key in ("file", "old", "new")}]:
        yield Edit(**edit)


class Suites:
    """The runs of one student's tests, side by side: those that the checks of this session ask for, and no others."""

    def __init__(self, project, checks, seed):
        """Begin the runs at once; `checks` are the names of the checks that will ask."""
        self._project = project
        self._salt = random.Random(seed)
        self._chrome = provision.find(shell=False)  # a shell starts without a page, which a driver waits for
        self._home = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self._lock = threading.Lock()
        self._running, self._redis, self._idle = set(), [], []
        self._closed = False
        self._broken = broken_chats()
        self._nursery = suite_runs.Nursery()
        self._pool = ThreadPoolExecutor(LANES)
        self._good = self._pool.submit(self._run_good)
        jobs = {REWRITTEN: self._run_rewritten, OWN: self._run_own, AGAIN: self._run_again}
        for broken in sorted(self._broken.values(), key=lambda broken: not broken.slow):
            jobs[broken.check] = partial(self._run_broken, broken)
        self._runs = {check: self._pool.submit(job) for check, job in jobs.items() if check in checks}

    def close(self):
        """End all runs, also those that nobody has waited for."""
        with self._lock:
            self._closed = True
        for process in list(self._running):
            process.kill()
        self._pool.shutdown(cancel_futures=True)
        self._nursery.close()
        for redis in self._redis:
            redis.stop()
        shutil.rmtree(self._home, ignore_errors=True)

    def pass_for_the_chat(self):
        outcome = self._good.result()
        if not outcome.cases and outcome.exit_code == pytest.ExitCode.NO_TESTS_COLLECTED:
            raise Unmet(outcome.story)
        self._need(outcome, "Your tests do not pass for the chat as it is, and that chat works.")

    def pass_in_any_order(self):
        self._need(self._judged(AGAIN), "The second run was in the reverse order, and did not pass as the first did.")

    def pass_for_other_words(self):
        told = (
            "Somebody wrote the same chat in other words. It does what this chat does, and your tests fail: "
            "they know how it is written, where they should know what it does."
        )
        self._need(self._judged(REWRITTEN), told)

    def leave_the_database_alone(self):
        outcome, harm = self._judged(OWN)
        if harm:
            raise Unmet(harm)
        self._need(outcome, "Your tests do not pass with your own settings.")

    def notice(self, check):
        """Prove that the tests fail for a broken chat."""
        outcome, chat = self._judged(check), self._broken[check].chat
        if outcome.noticed:
            return
        if not outcome.passed:
            raise Unmet(f"Your tests do not come to an end for {chat}, so they notice nothing.\n\n{outcome.story}")
        self._need_chrome(outcome)
        what = chat[0].upper() + chat[1:]
        raise Unmet(f"{what} passed your tests.", expected="at least one test that fails", got=outcome.count)

    def _judged(self, check):
        """Return the run that a check asks for; it counts only where the tests pass for the chat that works."""
        if not self._good.result().passed:
            raise Unmet("This is judged as soon as your tests pass for the chat as it is.")
        return self._runs[check].result()

    def _need(self, outcome, told):
        if not outcome.passed:
            raise Unmet(f"{told}\n\n{outcome.story}")
        self._need_chrome(outcome)

    def _need_chrome(self, outcome):
        if not self._chrome:
            pytest.skip(f"Without Chrome the tests with a live server did not run ({outcome.count}). {provision.HELP}")

    def _run_good(self):
        self._first = self._copy()
        self._lay_our_chat(self._first)
        self._first_redis = self._new_redis()
        return self._pytest(self._first, self._first_redis, order="quick first")

    def _run_again(self):
        """Run once more where the first run was, with all that it has left behind."""
        self._go_on_if_good()
        return self._pytest(self._first, self._first_redis, order="reversed")

    def _run_rewritten(self):
        project = self._copy()
        self._lay_our_chat(project, HERE / "other_chat")
        with self._a_redis() as redis:
            return self._pytest(project, redis, order="quick first")

    def _run_broken(self, broken):
        self._go_on_if_good()
        project = self._copy()
        self._lay_our_chat(project, broken=broken)
        with self._a_redis() as redis:
            return self._pytest(project, redis, order="quick first")

    def _run_own(self):
        """Run with the student's own chat and settings; return what came out, and what was done to the database."""
        project, note = self._copy(), self._home / secrets.token_hex(8)
        settings = read_project(project).settings
        with self._a_redis() as redis:
            outcome = self._pytest(project, redis, settings=settings, env={"COURSE_NOTE": str(note)})
        return outcome, harm_done(note)

    def _go_on_if_good(self):
        if not self._good.result().passed:
            raise CancelledError

    def _copy(self):
        """Copy the student's project to a folder whose name says nothing."""
        project = self._home / secrets.token_hex(8) / "project"
        copy_tree(self._project, project)
        return project

    def _lay_our_chat(self, project, overlay=None, broken=None):
        """Lay the lesson's chat over a project, wherever its manage.py is, but keep the tests that are in the way."""
        folder = read_project(project).folder
        for part in OUR_PARTS:
            for path in list(files_of(folder / part)):
                if not any(TEST_FILE.fullmatch(name) for name in path.relative_to(folder / part).parts):
                    path.unlink()
            copy_tree(LESSON.starter / part, folder / part)
        copy_tree(LESSON.solution / "config", folder / "config")
        shutil.copyfile(LESSON.starter / "manage.py", folder / "manage.py")
        if overlay:
            copy_tree(overlay, folder)
        if broken:
            broken.lay_over(folder)
        self._salt_files(folder)

    def _salt_files(self, folder):
        """Make each file another one in each run, so that none is known by its looks."""
        for path in [path for part in OUR_PARTS for path in files_of(folder / part)]:
            if sign := COMMENTS.get(path.suffix):
                with path.open("a", encoding="utf-8") as file:
                    file.write(f"\n{sign} {self._salt.getrandbits(64):x}\n")

    def _pytest(self, project, redis, *, settings=OUR_SETTINGS, order="", env=()):
        """Run the student's tests to their end."""
        home = project.parent / "home"
        home.mkdir(exist_ok=True)
        report = self._home / secrets.token_hex(8)
        told = {"COURSE_ORDER": order, "COURSE_BROWSER": "", **dict(env)}
        if self._chrome:
            told |= {"COURSE_BROWSER": str(self._chrome.browser), "SE_CHROMEDRIVER": str(self._chrome.driver)}
        with self._lock:
            if self._closed:
                raise CancelledError
            process = self._nursery.begin(project, home, redis.url, settings=settings, report=report, env=told)
            self._running.add(process)
        return suite_runs.outcome_of(process, report, project)

    @contextmanager
    def _a_redis(self):
        """Lend an empty Redis that nobody else uses at this time."""
        with self._lock:
            redis = self._idle.pop() if self._idle else None
        redis = redis or self._new_redis()
        redis.empty()
        yield redis
        with self._lock:
            self._idle.append(redis)

    def _new_redis(self):
        redis = Redis()
        with self._lock:
            self._redis.append(redis)
        return redis


def harm_done(note):
    """Say what happened to the database that our plugin has laid or found, and noted; nothing when it is as it was."""
    try:
        kept = json.loads(note.read_text(encoding="utf-8"))
        path, digest = Path(kept["path"]), kept["digest"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""  # it did not come to that: the tests were not run, which is told elsewhere
    if not path.is_file():
        return f"Your tests deleted {path.name}, the database of your site. They need one of their own."
    if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        return f"Your tests wrote to {path.name}, the database of your site. They need one of their own."
    return ""
