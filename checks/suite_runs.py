"""One run of tests that a student wrote, as a pytest process of its own, and what came out of it.

Nothing of the student's is imported here: a run counts by its exit code and by the report that pytest writes.
"""

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

from course.project.scratch_copy import files_of
from course.testbed.deadlines import deadline_s
from course.testbed.processes.environment import environment
from course.testbed.processes.forkserver_client import Forkserver
from course.testbed.processes.process import Process

HERE = Path(__file__).with_name("12_chat_tests")
RUN_UNITS = 60.0
CONFIGS = ("pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")
FRAME = re.compile(r"^(?P<path>\S+?):\d+: ")
ELSEWHERE = ("site-packages", "/lib/python", "\\Lib\\")
MOST_LINES = 16
MOST_REPORT_BYTES = 4 * 1024 * 1024  # what writes it runs beside the student's code
UNUSED = ("anyio", "platformdirs", "valkey")  # plugins that packages of the course bring along; they are slow to import


@dataclass(frozen=True)
class Case:
    """What the report says of one test: it passed, failed or was skipped, or its file could not be read."""

    name: str
    status: str
    said: str = ""


@dataclass(frozen=True)
class Outcome:
    """How a run came out; `exit_code` is None where it did not end in time."""

    cases: tuple
    exit_code: int | None
    output: str = ""

    @property
    def passed(self):
        """Whether a test passed and none failed, in a run that came to its end."""
        return self.exit_code == 0 and bool(self.having("passed")) and not self.having("failed")

    @property
    def noticed(self):
        """Whether a test ran and failed; tests that can't be read, or that end themselves, have noticed nothing."""
        return self.exit_code == 1 and bool(self.having("failed"))

    @property
    def is_empty(self):
        """Whether pytest found no tests."""
        return not self.cases and self.exit_code == pytest.ExitCode.NO_TESTS_COLLECTED

    def having(self, status):
        return [case for case in self.cases if case.status == status]

    @property
    def count(self):
        parts = [f"{len(self.having(status))} {status}" for status in ("passed", "skipped") if self.having(status)]
        reasons = sorted({case.said for case in self.having("skipped")})
        return ", ".join(parts) + (f": {'; '.join(reasons)}" if reasons else "")

    @property
    def story(self):
        """Say why the run is no pass."""
        if self.exit_code is None:
            return f"They did not end within {deadline_s(RUN_UNITS):g} s. Give each wait a limit."
        for case in self.having("unreadable") + self.having("failed"):
            return f"{case.name}\n{case.said}"
        if self.is_empty:
            return "There are no tests yet: pytest finds none."
        if self.exit_code == 0:
            return self.count or "Something ended the process before pytest had written its report."
        return "\n".join([f"pytest ended with exit code {self.exit_code}.", *self.output.splitlines()[-MOST_LINES:]])


class Nursery(Forkserver):
    """Starts runs of pytest, by a fork where that is possible."""

    def __init__(self, cage=None):
        """Begin to preload, in a cage where there is one."""
        self._cage = cage
        super().__init__(HERE / "nursery.py", *((cage.home, cage.spawn) if cage else ()))

    def begin(self, project, django_folder, home, redis_url, *, settings, report, env):
        """Run pytest in the folder of its configuration, else of manage.py; `home` takes what else it writes."""
        folder = project if any((project / name).is_file() for name in CONFIGS) else django_folder
        options = ["-p", "course_inside", "-p", "no:cacheprovider", *leave_out(project), "-x", "--tb=short"]
        options += [f"--ds={settings}", f"--junitxml={report}", "-o", "junit_family=xunit1"]
        paths = os.pathsep.join(map(str, (HERE / "inside", django_folder)))
        env = environment(home, redis_url) | {"PYTHONPATH": paths, "SE_AVOID_STATS": "true", "SE_OFFLINE": "true"} | env
        fork = self.fork_in(folder)
        argv = options if fork else [sys.executable, "-m", "pytest", *options]
        if self._cage:
            self._cage.hand_over()
            env = self._cage.environment(env) | {"COURSE_CAGED": "1"}
        return Process(argv, cwd=folder, env=env, spawn=fork or (self._cage and self._cage.spawn))


def leave_out(project):
    """Return the options that leave out what the tests do not name."""
    sources = [path.read_bytes() for path in files_of(project) if path.suffix in (".py", ".ini", ".toml", ".cfg")]
    return [f"-pno:{name}" for name in UNUSED if not any(name.encode() in source for source in sources)]


def outcome_of(process, report, project):
    """Wait for the end of a run, and read what came out of it."""
    exit_code = process.wait(deadline_s(RUN_UNITS))
    process.kill()
    return Outcome(tuple(read_cases(report, project)), exit_code, process.output.replace(f"{project}{os.sep}", ""))


def read_cases(report, project):
    """Yield what a JUnit report says of each test; one that is missing or cut short says nothing."""
    try:
        if report.stat().st_size > MOST_REPORT_BYTES:
            return
        found = list(ElementTree.parse(report).iter("testcase"))
    except (OSError, ElementTree.ParseError):
        return
    for case in found:
        name = f"{case.get('file') or case.get('classname', '')}::{case.get('name', '')}".strip(":")
        said = next(iter(case), None)
        if said is None or said.tag not in ("failure", "error", "skipped"):
            yield Case(name, "passed")
        elif said.tag == "skipped":
            yield Case(name, "skipped", said.get("message", ""))
        else:
            unreadable = said.get("message") in ("collection failure", "internal error")
            text = shortened((said.text or "").replace(f"{project}{os.sep}", ""))
            yield Case(name, "unreadable" if unreadable else "failed", text)


def shortened(text):
    """Return a traceback without the frames of libraries, and no longer than what one reads."""
    kept, keep = [], True
    for line in text.splitlines():
        if frame := FRAME.match(line):
            keep = not any(part in frame["path"] for part in ELSEWHERE)
        if (keep or line.startswith("E ")) and line.strip():
            kept.append(line)
    return "\n".join(kept[-MOST_LINES:])
