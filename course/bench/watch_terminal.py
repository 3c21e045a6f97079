"""`course watch` on a terminal of its own, over a copy of the course: what it shows is read from its screen."""

from __future__ import annotations

import os
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from course.catalog.lessons import ROOT, Lesson, find, lessons
from course.errors import CourseError
from course.project.scratch_copy import PREFIX, copy_tree
from course.testbed.deadlines import deadline_s

PARTS = ("course", "lessons", "solutions", "checks")
VERDICT = re.compile(r"checks pass.*?seed (\d+)")  # each run has a seed of its own
ESCAPE = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")
WATCH = "import sys; sys.argv = ['course', 'watch']; from course.cli.main import main; main()"
LONGEST_UNITS = 60.0
LINES, COLUMNS = 60, 100


@dataclass
class Watched:
    """A `course watch`: the lesson's project in the copy, its process, and what stands on its screen."""

    project: Path
    pid: int
    _screen: int
    _seen: str = ""
    _seed: str = ""

    def await_verdict(self) -> None:
        """Wait until the verdict of a newer run stands on the screen; raise CourseError when none comes."""
        seeds: list[str] = []
        while not seeds:
            seeds = [seed for seed in VERDICT.findall(self._seen) if seed != self._seed]
            if not seeds:
                self._read()
        self._seed, self._seen = seeds[-1], ""

    def await_tick(self, number: int) -> None:
        """Wait until the check of this number stands on the screen as passed; raise CourseError when it never does."""
        tick = re.compile(rf"✓ +{number} ")
        while not tick.search(self._seen):
            self._read()

    def _read(self) -> None:
        limit_s = deadline_s(LONGEST_UNITS)
        if not select.select([self._screen], [], [], limit_s)[0]:
            raise CourseError(f"Nothing came up within {limit_s:g} s.", "Is the machine very busy?")
        self._seen += ESCAPE.sub(b"", os.read(self._screen, 65536)).decode("utf-8", "replace")


@contextmanager
def watching(slug: str) -> Iterator[Watched]:
    """Watch a lesson that is solved, in a copy of the course where all others have passed; begin after its verdict.

    Raises CourseError where there is no terminal.
    """
    if sys.platform == "win32":
        raise CourseError("This measures on a POSIX terminal, which Windows has not.")
    with _course_copy(find(slug)) as root, _on_a_terminal(root) as (pid, screen):
        watched = Watched(find(slug, root).starter, pid, screen)
        watched.await_verdict()
        yield watched


@contextmanager
def _course_copy(lesson: Lesson) -> Iterator[Path]:
    """Copy the course, with this lesson solved and all others passed, so that `watch` begins with it."""
    root = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    try:
        for part in PARTS:
            copy_tree(ROOT / part, root / part)
        (root / ".course").symlink_to(ROOT / ".course")  # the programs that the course has got
        shutil.copytree(root / "solutions" / lesson.slug, root / "lessons" / lesson.slug, dirs_exist_ok=True)
        passed = [f'[{known.slug}]\npassed_on = "2026-01-01"\n' for known in lessons() if known != lesson]
        (root / "progress.toml").write_text("\n".join(passed), encoding="utf-8")
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)  # what is still in use is swept by a later run


@contextmanager
def _on_a_terminal(root: Path) -> Iterator[tuple[int, int]]:
    """Run `course watch` of a copy on a terminal of its own; hand out its process id, and what reads its screen."""
    import fcntl
    import termios

    screen, terminal = os.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    env = os.environ | {"PYTHONPATH": str(root), "TERM": "xterm-256color"}
    command = [sys.executable, "-c", WATCH]
    with subprocess.Popen(
        command, cwd=root, env=env, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True
    ) as watch:
        os.close(terminal)
        try:
            yield watch.pid, screen
        finally:
            watch.terminate()
            watch.wait()
            os.close(screen)
