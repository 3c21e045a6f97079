"""What a class is judged by, copied when the run begins: nothing that changes meanwhile changes a verdict.

A snapshot is a course of one lesson: checks, with those that an instructor adds, starter, solution. The engine itself
can't be copied while it runs; its fingerprint, and the solutions', are taken at the beginning and compared at the end.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from course.catalog.checklist import checklist
from course.catalog.lessons import ROOT, Lesson, lessons
from course.errors import CourseError
from course.project.fingerprint import fingerprint
from course.project.scratch_copy import files_of, scratch_folder

TREES = ("checks", "lessons", "solutions")  # a suite may lay parts of the solution over what it judges
LEAVE_OUT = shutil.ignore_patterns("__pycache__", "db.sqlite3", "node_modules", ".*")


@dataclass(frozen=True)
class Snapshot:
    """The lesson as it was when the run began, and the fingerprints of what judges."""

    lesson: Lesson
    checks: str
    engine: str

    def changed(self) -> str:
        """Say what is not as it was when the run began; an empty text where nothing has changed."""
        if checks_fingerprint(self.lesson.root) != self.checks:
            return f"the copy of the checks in {self.lesson.root}"
        return "the course's own code" if engine_fingerprint() != self.engine else ""


@contextmanager
def snapshot(lesson: Lesson, more_checks: Path | None = None) -> Iterator[Snapshot]:
    """Copy what the class is judged by, and remove the copy afterwards.

    `more_checks` is a folder of an instructor's own test files. Raises CourseError where it holds none, or one whose
    name or check the lesson has already.
    """
    with scratch_folder("snapshot") as root:
        for place in filter(Path.is_dir, (lesson.root / tree / lesson.slug for tree in TREES)):
            shutil.copytree(place, root / place.relative_to(lesson.root), ignore=LEAVE_OUT)
        for path in [*(lesson.root / "checks").glob("*.py"), lesson.root / "checks" / "pytest.ini"]:
            shutil.copy2(path, root / "checks")
        copy = lessons(root)[0]
        if more_checks:
            _add(copy, more_checks)
        yield Snapshot(copy, checks_fingerprint(root), engine_fingerprint())


def checks_fingerprint(root: Path) -> str:
    """Return the hash of a copy of the checks; what a run puts beside them, the pictures of a page, is none of it."""
    return fingerprint(root, [path for tree in TREES for path in files_of(root / tree)])


def engine_fingerprint() -> str:
    """Return the hash of the engine, of the solutions, and of the versions of what it runs on."""
    total = hashlib.sha256(fingerprint(ROOT / "course").encode())
    total.update(fingerprint(ROOT / "solutions").encode())
    total.update((ROOT / "requirements.txt").read_bytes())
    return total.hexdigest()


def _add(lesson: Lesson, folder: Path) -> None:
    """Lay an instructor's own suite beside the lesson's."""
    files = sorted(folder.glob("test_*.py")) if folder.is_dir() else []
    if not files:
        raise CourseError(f"There are no test files in {folder}.", "Name the folder that holds your test_*.py files.")
    known = {check.name for check in checklist(lesson)}
    for path in sorted(folder.glob("*.py")):
        place = lesson.checks / path.name
        if place.exists():
            raise CourseError(f"{path}: the lesson has a file of this name.", "Rename yours.")
        shutil.copy2(path, place)
    names = [check.name for check in checklist(lesson)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or len(names) == len(known):
        told = f"two checks are called {twice[0]}" if twice else "its files hold no function test_…"
        raise CourseError(f"{folder}: {told}.", "Each check is a function of its own name, test_….")
