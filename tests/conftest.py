"""What the engine's tests stand on: projects, small courses, and the real command line as a process."""

from __future__ import annotations

import importlib.util
import itertools
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import threading
import venv
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from course.catalog.lessons import ROOT, Lesson, find, lessons
from course.testbed.deadlines import deadline_s
from course.testbed.processes.forkserver_client import Forkserver
from course.testbed.shared import SharedParts
from course.testbed.tools.lesson_needs import lacking

PARTS = ("course", "lessons", "solutions", "checks", "pyproject.toml", "requirements.txt", "requirements-dev.txt")
LEAVE_OUT = shutil.ignore_patterns(".*", "db.sqlite3", "site", "*.tmp")
OURS = ("REDIS_URL", "COLUMNS", "NO_COLOR", "FORCE_COLOR", "PYTEST_ADDOPTS", "PYTHONPATH")
TINY = """\
title = "Tiny"
summary = "A lesson of a test."
minutes = 5
edit = ["echo/consumers.py", "echo/routing.py"]
"""

pytest_plugins = ["tests.tiers"]

NETWORK = Path("/proc/self/ns/net")  # there is one on Linux

BuildProject = Callable[..., Path]
BuildLesson = Callable[..., Lesson]


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and what it wrote."""

    code: int
    output: str
    errors: str


@dataclass(frozen=True)
class Clone:
    """A copy of the course as a student has it: set up, with a progress and copies of its own."""

    root: Path

    @property
    def python(self) -> Path:
        return self.root / ".venv" / ("Scripts" if os.name == "nt" else "bin") / "python"

    @property
    def command(self) -> list[str]:
        return [str(self.python), "-P", "-m", "course"]

    @property
    def progress(self) -> Path:
        return self.root / "progress.toml"

    def lesson(self, name: str = "02") -> Lesson:
        return find(name, self.root)

    def run(self, *arguments: str, cwd: Path | None = None, **env: str) -> Outcome:
        """Run `course …` as a process of its own."""
        return run([*self.command, *arguments], cwd=cwd or self.root, **env)

    def solve(self, name: str = "02") -> None:
        """Let the student have written the solution."""
        lesson = self.lesson(name)
        shutil.copytree(lesson.solution, lesson.starter, dirs_exist_ok=True)

    def commit(self) -> None:
        """Make it a git repository with everything in it."""
        name = ("-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-c", "commit.gpgsign=false")
        (self.root / ".gitignore").write_text(".venv/\n.course/\n__pycache__/\nprogress.toml\n")
        for arguments in (["init", "-q"], ["add", "-A"], [*name, "commit", "-q", "-m", "The course"]):
            subprocess.run(["git", *arguments], cwd=self.root, check=True, capture_output=True)


def run(command: list[str], *, cwd: Path, **env: str) -> Outcome:
    """Run a command to its end, in our environment without what would change its output."""
    done = subprocess.run(
        command, cwd=cwd, env=environment(env), capture_output=True, encoding="utf-8", errors="replace",
        stdin=subprocess.DEVNULL, timeout=deadline_s(120), check=False,
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout, done.stderr)


@contextmanager
def started(command: list[str], **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command that the test talks to; it is killed when the test is done, or takes far too long."""
    env = environment(options.pop("env", {}))
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    with subprocess.Popen(command, env=env, **pipes) as process:
        limit = threading.Timer(deadline_s(60), process.kill)
        limit.start()
        try:
            yield process
        finally:
            limit.cancel()
            process.kill()


def environment(more: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in OURS} | dict(more)


def load(path: Path) -> ModuleType:
    """Import a module from a file, under a name of its own."""
    spec = importlib.util.spec_from_file_location(f"loaded_{abs(hash(path))}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def each_lesson(chosen: Iterable[Lesson]) -> list[Any]:
    """Return lessons as parameters of a test that judges whole programs: with a browser or nginx it takes minutes."""
    return [
        pytest.param(
            lesson, id=lesson.slug, marks=[pytest.mark.takes_minutes] if lesson.needs & {"browser", "nginx"} else []
        )
        for lesson in chosen
    ]


def need_programs(lesson: Lesson) -> None:
    """Skip where a browser, Node or nginx that a lesson needs is missing; `course test` gets what can be got."""
    if lacking(lesson):
        pytest.skip(f"a program that {lesson.slug} needs is not here")


def make_clone(root: Path) -> Clone:
    """Copy the course to `root` and set it up there, with our packages instead of an installation of its own."""
    root.mkdir(parents=True)
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, root / part, ignore=LEAVE_OUT)
        else:
            shutil.copy2(source, root / part)
    set_up(root)
    return Clone(root)


def set_up(root: Path) -> None:
    venv.EnvBuilder(symlinks=os.name != "nt").create(root / ".venv")
    ours = sysconfig.get_path("purelib")
    theirs = sysconfig.get_path("purelib", vars={"base": str(root / ".venv"), "platbase": str(root / ".venv")})
    Path(theirs, "course.pth").write_text(f"{root}\n{ours}\n")
    setup = load(root / "course" / "setup.py")
    setup.STAMP.write_text(setup._key(setup.STUDENTS) + setup._key(setup.AUTHORS))
    setup.COMPILED.touch()


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the person at the keyboard has set and would change outputs."""
    for name in OURS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def home_network() -> Iterator[None]:
    """Fail a test that moves this process into a cage's network: all tests after it would have no network."""
    here = NETWORK.readlink() if NETWORK.exists() else None
    yield
    assert here is None or NETWORK.readlink() == here


@pytest.fixture(scope="session")
def shared_clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """Return a course for commands that write nothing."""
    return make_clone(tmp_path_factory.mktemp("shared") / "course")


@pytest.fixture
def clone(shared_clone: Clone, tmp_path: Path) -> Clone:
    """Return a course that one test may change as it likes."""
    root = tmp_path / "clone"
    shutil.copytree(shared_clone.root, root, ignore=shutil.ignore_patterns(".venv", "progress.toml", ".course"))
    set_up(root)
    return Clone(root)


@pytest.fixture
def short_path() -> Iterator[Path]:
    """Return a folder for temporary files that is ours alone, with a path that sockets may have."""
    with tempfile.TemporaryDirectory(prefix="outlive-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
def project(tmp_path: Path) -> BuildProject:
    """Build a lesson's starter with its solution laid over it; `files` are added or replaced, None removes one."""

    def build(files: Mapping[str, str | None] | None = None, *, lesson: str = "02", name: str = "project") -> Path:
        known = find(lesson)
        folder = tmp_path / name
        for tree in (known.starter, known.solution):
            shutil.copytree(tree, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        for path, text in (files or {}).items():
            _put(folder / path, text)
        return folder

    return build


@pytest.fixture
def tiny_lesson(tmp_path: Path) -> BuildLesson:
    """Build a course of one lesson around some checks; its project is that of lesson 02."""

    def build(checks: str, mistakes: str = "", toml: str = TINY) -> Lesson:
        number = next(NUMBERS)
        slug = f"90_tiny_{number}"  # pytest keeps check files by name for the life of this process
        root = tmp_path / f"tiny_{number}"
        known = find("02")
        shutil.copytree(known.starter, root / "lessons" / slug)
        shutil.copytree(known.solution, root / "solutions" / slug)
        for name in ("conftest.py", "pytest.ini"):
            _put(root / "checks" / name, (ROOT / "checks" / name).read_text())
        _put(root / "lessons" / slug / "lesson.toml", toml)
        _put(root / "checks" / slug / f"test_tiny_{number}.py", checks)
        if mistakes:
            _put(root / "checks" / slug / "mistakes.toml", mistakes)
        return lessons(root)[0]

    return build


NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def shared_parts() -> Iterator[SharedParts]:
    """Hand out what is slow to start; tests/test_warm.py proves that it changes no verdict."""
    with closing(SharedParts(Forkserver())) as parts:
        yield parts


@pytest.fixture
def shared(shared_parts: SharedParts) -> SharedParts:
    """Return the shared parts, with nothing of an earlier test in them.

    They last as long as a worker of pytest: it takes tests of all modules in turn, so that whatever lasts for a module
    would start again at every test.
    """
    shared_parts.begin_run()
    return shared_parts


def _put(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


collect_ignore = ["programs"]  # learners' programs, some with tests of their own


def pytest_report_header() -> str:
    return f"course: {ROOT}, {sys.executable}"
