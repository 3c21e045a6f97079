"""What happens to the student's own files: nothing is overwritten without a copy."""

from __future__ import annotations

import datetime
import itertools
import re
import shutil
import subprocess
from pathlib import Path

from course.catalog.lessons import Lesson
from course.errors import CourseError
from course.project.scratch_copy import copy_tree, files_of


def keep_copy(lesson: Lesson, now: datetime.datetime | None = None) -> Path:
    """Copy the lesson's folder as it is to a dated place, and return that."""
    stamp = (now or datetime.datetime.now()).strftime("%Y-%m-%d_%H-%M-%S")
    copies = lesson.root / ".course" / "copies"
    copies.mkdir(parents=True, exist_ok=True)
    names = itertools.chain([""], (f"_{number}" for number in itertools.count(2)))
    target = next(path for name in names if _made(path := copies / f"{lesson.slug}_{stamp}{name}"))
    copy_tree(lesson.starter, target)
    return target


def reset(lesson: Lesson) -> Path:
    """Put the lesson's starter back as the course has it, and return where the student's files were copied.

    Raises CourseError where git can't tell what the starter was.
    """
    # What the course itself has in the lesson; what was only `git add`ed is the student's.
    listing = _git(lesson, "ls-tree", "-r", "-z", "--name-only", "HEAD", "--", f"lessons/{lesson.slug}")
    wanted = set(listing.split("\0"))
    copy = keep_copy(lesson)
    for path in files_of(lesson.starter):
        if path.relative_to(lesson.root).as_posix() not in wanted and path.suffix != ".sqlite3":
            path.unlink()
    _git(lesson, "checkout", "HEAD", "--", f"lessons/{lesson.slug}")
    return copy


def apply_solution(lesson: Lesson) -> Path:
    """Lay the solution over the student's files, and return where these were copied."""
    copy = keep_copy(lesson)
    for path in files_of(lesson.solution):
        target = lesson.starter / path.relative_to(lesson.solution)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(without_markers(path.read_text(encoding="utf-8")), encoding="utf-8")
    return copy


def solution_text(lesson: Lesson) -> str:
    """Return the solution's files as one text, each under its name."""
    files = [(path, without_markers((lesson.solution / path).read_text(encoding="utf-8"))) for path in lesson.edit]
    return "\n".join(f"{path}\n{'─' * len(path)}\n{text}" for path, text in files)


def without_markers(text: str) -> str:
    """Return a solution's text without the marks that the docs cut their listings by."""
    if "--8<--" not in text:
        return text
    kept = "".join(line for line in text.splitlines(keepends=True) if "--8<--" not in line)
    return re.sub(r"\n{4,}", "\n\n\n", kept).rstrip("\n") + "\n"  # the marks had blank lines of their own


def _made(folder: Path) -> bool:
    """Make a folder, and tell whether it was not there before: of two processes only one makes it."""
    try:
        folder.mkdir()
    except FileExistsError:
        return False
    return True


def _git(lesson: Lesson, *arguments: str) -> str:
    if shutil.which("git") is None:
        raise CourseError("git is not on the PATH, so the starter can't be restored.", "Install git, then try again.")
    done = subprocess.run(["git", *arguments], cwd=lesson.root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CourseError(f"git {arguments[0]} failed: {done.stderr.strip()}", "Is this folder a clone of the course?")
    return done.stdout
