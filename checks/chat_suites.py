"""What lesson 12 asks of tests: that they pass for chats that work, and fail for chats that do not.

A run gets a copy of the student's project with a chat of ours laid over it, and a Redis that nobody else uses.
"""

import os
import random
import secrets
import shutil
import tempfile
import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path

import pytest
import suite_runs
from chat_overlays import OTHER_CHAT, OUR_SETTINGS, broken_chats, harm_done, has_our_chat, lay_chat, salt_files

from course.errors import NotRun, Unmet
from course.project.entry_points import read_project
from course.project.scratch_copy import PREFIX, copy_tree
from course.testbed.servers.redis_server import Redis
from course.testbed.tools import browser_install as provision

LANES = min(5, 2 + (os.cpu_count() or 1))  # more than cores: some runs wait, for a page or for a message
AGAIN = "test_they_pass_in_any_order"
REWRITTEN = "test_they_pass_for_the_same_chat_in_other_words"
OWN = "test_your_database_is_left_alone"
GOOD, BOTH = "good", "both"
WITH_OURS = "Your tests pass with your own settings, but not with the settings that the lesson's chat needs."


class Suites:
    """The runs of one student's tests, side by side: those that the checks of this session ask for, and no others.

    Where one run can answer two questions, as long as all is well, it does. Only a run that fails is taken apart.
    """

    def __init__(self, project, checks, seed, cage=None):
        """Begin the runs at once, in a cage where there is one; `checks` are the names of the checks that will ask."""
        self._spawn = cage and cage.spawn
        self._project = project
        self._salt = random.Random(seed)
        self._chrome = provision.find()
        self._home = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=cage and cage.home))
        self._env = {"COURSE_BROWSER": ""}
        if self._chrome:
            browser = self._chrome.launcher(self._home)
            self._env = {"COURSE_BROWSER": str(browser), "SE_CHROMEDRIVER": str(self._chrome.driver)}
        self._lock, self._lanes = threading.Lock(), threading.Semaphore(LANES)
        self._running, self._redis, self._idle = set(), [], []
        self._closed = False
        self._broken, self._checks = broken_chats(), checks
        self._first = self._own = None  # where a run was: a project and a Redis
        self._nursery = suite_runs.Nursery(cage)
        self._pool = ThreadPoolExecutor(len(self._broken) + 5)
        # Read once, before anything runs: CPython up to 3.11.7 can't parse in two threads at once (gh-106905).
        self._layout = self._pool.submit(read_project, project)
        wait([self._layout])
        self._runs = {}
        for name, job in self._jobs():  # one may wait for those before it
            self._runs[name] = self._pool.submit(job)

    def close(self):
        """End all runs, also those that nobody has waited for."""
        self._end_runs()
        self._pool.shutdown(cancel_futures=True)
        self._nursery.close()
        for redis in self._redis:
            redis.stop()
        shutil.rmtree(self._home, ignore_errors=True)

    def pass_for_the_chat(self):
        outcome = self._runs[GOOD].result()
        if outcome.is_empty:
            raise Unmet(f"{outcome.story}{self._not_looked_into()}")
        self._need(outcome, "Your tests do not pass for the chat as it is, although that chat works.")

    def _not_looked_into(self):
        """Say which file of the project holds tests that pytest passes by, because of its name."""
        for path in sorted(self._project.rglob("tests.py")):
            if "def test" in path.read_text(encoding="utf-8", errors="replace"):
                name = path.relative_to(self._project).as_posix()
                return f" It does not look into {name}: its files are called test_….py, or …_test.py."
        return ""

    def pass_in_any_order(self):
        self._need(self._judged(AGAIN), "The second run, in the reverse order, did not pass as the first one did.")

    def pass_for_other_words(self):
        told = (
            "The same chat, written differently, does what this chat does, but your tests fail: "
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
            if not self._fair.passed:
                raise Unmet(f"{WITH_OURS}\n\n{self._fair.story}")
            return
        if not outcome.passed:
            raise Unmet(f"Your tests do not come to an end for {chat}, so they notice nothing.\n\n{outcome.story}")
        self._need_chrome(outcome)
        what = chat[0].upper() + chat[1:]
        raise Unmet(f"{what} passed your tests.", expected="at least one test that fails", got=outcome.count)

    def _judged(self, check):
        """Return the run that a check asks for; it counts only where the tests pass for the chat that works."""
        if not self._runs[GOOD].result().passed:
            raise NotRun("This is judged as soon as your tests pass for the chat as it is.")
        return self._runs[check].result()

    @cached_property
    def _fair(self):
        """A run that passes under the settings of the broken chats; else what they fail for may be the settings."""
        for name in {BOTH, AGAIN, REWRITTEN} & self._runs.keys():
            if (outcome := self._runs[name].result()) and outcome.passed:
                return outcome
        return self._run_anew()

    def _need(self, outcome, told):
        if not outcome.passed:
            raise Unmet(f"{told}\n\n{outcome.story}")
        self._need_chrome(outcome)

    def _need_chrome(self, outcome):
        if not self._chrome:
            pytest.skip(f"Without Chrome the tests with a live server did not run ({outcome.count}). {provision.HELP}")

    def _jobs(self):
        """Yield what has to be run, in the order in which it is to begin."""
        if OWN in self._checks or has_our_chat(self._project):
            yield OWN, self._run_own
        yield GOOD, self._run_good
        for broken in sorted(self._broken.values(), key=lambda broken: not broken.slow):
            if broken.check in self._checks:
                yield broken.check, partial(self._run_broken, broken)
        twice = {AGAIN: self._run_again, REWRITTEN: self._run_rewritten}
        if self._checks & twice.keys():
            yield BOTH, self._run_both
        yield from ((check, job) for check, job in twice.items() if check in self._checks)

    def _run_own(self):
        """Run with the student's own chat and settings; return what came out, and what was done to the database."""
        with self._lanes:
            self._own = project, redis = self._copy(), self._new_redis()
            if has_our_chat(project):
                salt_files(project, self._salt)
            note = self._home / secrets.token_hex(8)
            settings = self._layout.result().settings
            outcome = self._pytest(project, redis, settings=settings, env={"COURSE_NOTE": str(note)})
            return outcome, harm_done(note)

    def _run_good(self):
        """Run with the chat that works; nothing else is judged unless the tests pass for it."""
        outcome = self._run_chat_as_it_is()
        if not outcome.passed:
            self._end_runs()
        return outcome

    def _run_chat_as_it_is(self):
        """Where that chat is the student's own, let one run that passes answer two questions."""
        if has_our_chat(self._project):
            outcome, _ = self._runs[OWN].result()
            if outcome.passed or outcome.is_empty:
                self._first = self._own
                return outcome
        with self._lanes:
            self._first = self._copy(), self._new_redis()
            self._fair = self._run_where_it_was("quick first")
        return self._fair

    def _run_both(self):
        """Run once more where the first run was, with all that it has left: in the reverse order, in other words."""
        if not self._runs[GOOD].result().passed:
            return None
        with self._lanes:
            return self._run_where_it_was("reversed", OTHER_CHAT)

    def _run_again(self):
        """Run where the first run was, in the reverse order."""
        both = self._runs[BOTH].result()
        if both is None or both.passed:
            return both
        with self._lanes:
            return self._run_where_it_was("reversed")

    def _run_rewritten(self):
        """Run with the chat in other words."""
        both = self._runs[BOTH].result()
        if both is None or both.passed:
            return both
        return self._run_anew(OTHER_CHAT)

    def _run_broken(self, broken):
        """Run with a broken chat; where only its pages are broken, begin with the tests that may open them."""
        return self._run_anew(broken=broken, order="live first" if broken.live else "quick first")

    def _run_where_it_was(self, order, overlay=None):
        """Run with a chat that works, in the place of the first run."""
        project, redis = self._first
        lay_chat(self._django_folder(project), self._salt, overlay)
        return self._pytest(project, redis, order=order)

    def _run_anew(self, overlay=None, broken=None, order="quick first"):
        """Run with a chat of ours, in a place of its own."""
        with self._lanes, self._a_redis() as redis:
            project = self._copy()
            lay_chat(self._django_folder(project), self._salt, overlay, broken)
            return self._pytest(project, redis, order=order)

    def _django_folder(self, project):
        """Return where manage.py is in a copy of the student's project; raise NotStarted where there is none."""
        return project / self._layout.result().folder.relative_to(self._project)

    def _copy(self):
        """Copy the student's project to a folder whose name says nothing."""
        project = self._home / secrets.token_hex(8) / "project"
        copy_tree(self._project, project)
        return project

    def _pytest(self, project, redis, *, settings=OUR_SETTINGS, order="quick first", env=()):
        """Run the student's tests to their end."""
        home = project.parent / "home"
        home.mkdir(exist_ok=True)
        report = self._home / secrets.token_hex(8)
        told = {"COURSE_ORDER": order, **self._env, **dict(env)}
        with self._lock:
            if self._closed:
                raise CancelledError
            places = project, self._django_folder(project), home
            process = self._nursery.begin(*places, redis.url, settings=settings, report=report, env=told)
            self._running.add(process)
        return suite_runs.outcome_of(process, report, project)

    def _end_runs(self):
        with self._lock:
            self._closed = True
        for process in list(self._running):
            process.kill()

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
        redis = Redis(spawn=self._spawn)
        with self._lock:
            self._redis.append(redis)
        return redis
