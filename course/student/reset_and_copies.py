"""What happens to the student's own files: nothing is overwritten without a copy."""

from __future__ import annotations

import datetime
import difflib
import itertools
import shutil
import subprocess
from pathlib import Path

from course.catalog.lessons import Lesson
from course.catalog.solution_parts import guided_part, without_marks
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


def apply_solution(lesson: Lesson, *, own: bool = True) -> Path:
    """Lay the solution over the student's files, its own part too if `own`; return where these were copied."""
    copy = keep_copy(lesson)
    for path, text in solution_files(lesson, own=own).items():
        target = lesson.starter / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return copy


def solution_files(lesson: Lesson, *, own: bool) -> dict[str, str]:
    """Return the solution's files as a student sees them, by their paths; without `own`, only their guided part."""
    read = without_marks if own else guided_part
    return {path: read((lesson.solution / path).read_text(encoding="utf-8")) for path in lesson.edit}


def differences(lesson: Lesson, *, own: bool) -> dict[str, str]:
    """Return how to get from the student's files to the solution's: a unified diff for each, empty where none is."""
    found = {}
    for path, ours in solution_files(lesson, own=own).items():
        file = lesson.starter / path
        theirs = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
        names = (f"lessons/{lesson.slug}/{path}", f"solutions/{lesson.slug}/{path}")
        lines = difflib.unified_diff(theirs.splitlines(), ours.splitlines(), *names, lineterm="")
        found[path] = "\n".join(lines)
    return found


def solution_text(lesson: Lesson, *, own: bool) -> str:
    """Return the solution's files as one text, each under its name."""
    files = solution_files(lesson, own=own).items()
    return "\n".join(f"{path}\n{'─' * len(path)}\n{text}" for path, text in files)


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
