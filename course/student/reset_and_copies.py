"""What happens to the student's own files: nothing is overwritten without a copy, and nothing outside is written to."""

from __future__ import annotations

import datetime
import difflib
import itertools
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from course.catalog import starters
from course.catalog.lessons import ROOT, Lesson
from course.catalog.solution_parts import guided_part, without_marks
from course.errors import CourseError
from course.project.scratch_copy import SKIP, copy_tree

MOVED = "moved-away"  # in a copy: what stood where a file of the course has to be, such as a link that leads out


@dataclass(frozen=True)
class Work:
    """A lesson's folder, whatever is in it, and the place of its copy."""

    slug: str
    root: Path

    @property
    def folder(self) -> Path:
        """Return the folder that the student works in."""
        return self.root / "lessons" / self.slug

    @classmethod
    def of(cls, lesson: Lesson) -> Work:
        """Return the work in a lesson."""
        return cls(lesson.slug, lesson.root)


def keep_copy(work: Work, now: datetime.datetime | None = None) -> Path:
    """Copy the lesson's folder as it is to a dated place, and return that; a copy that fails leaves nothing behind."""
    stamp = (now or datetime.datetime.now()).strftime("%Y-%m-%d_%H-%M-%S")
    copies = work.root / ".course" / "copies"
    copies.mkdir(parents=True, exist_ok=True)
    names = itertools.chain([""], (f"_{number}" for number in itertools.count(2)))
    target = next(path for name in names if _made(path := copies / f"{work.slug}_{stamp}{name}"))
    try:
        copy_tree(work.folder, target, most_bytes=None)
    except BaseException:  # whatever stopped it, Ctrl-C too: half a copy would pass for a whole one
        shutil.rmtree(target)
        raise
    return target


def reset(slug: str, root: Path = ROOT) -> Path:
    """Put a lesson's starter back as the course ships it, and return where the student's files were copied.

    Raises CourseError where git can't tell what the starter was, or something stops it: that says where the copy is.
    """
    work = Work(slug, root)
    shipped = starters.contents(root, slug)
    copy = keep_copy(work)
    with _telling(copy, f"course reset {slug[:2]}"):
        _lay(shipped, work, copy)
        _remove_others(set(shipped), work, copy)
    return copy


def apply_solution(lesson: Lesson, *, own: bool = True) -> Path:
    """Lay the solution over the student's files, its own part too if `own`; return where these were copied.

    Raises as `reset` does.
    """
    solved = {path: text.encode() for path, text in solution_files(lesson, own=own).items()}
    return lay_files(Work.of(lesson), solved, f"course solution {lesson.number} --apply")


def lay_files(work: Work, files: Mapping[str, bytes], command: str) -> Path:
    """Write files, by their paths in the lesson, over the student's; return where all of these were copied before.

    Raises CourseError where something stops it: that says where the copy is, and names `command` to go on with.
    """
    copy = keep_copy(work)
    with _telling(copy, command):
        _lay(files, work, copy)
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
        theirs = file.read_bytes() if file.is_file() else b""
        names = (f"lessons/{lesson.slug}/{path}", f"solutions/{lesson.slug}/{path}")
        found[path] = unified_diff(theirs, ours.encode(), *names)
    return found


def unified_diff(old: bytes, new: bytes, old_name: str, new_name: str) -> str:
    """Return how to get from one file to another, empty where they are the same."""
    before, after = (data.decode("utf-8", "replace").splitlines() for data in (old, new))
    return "\n".join(difflib.unified_diff(before, after, old_name, new_name, lineterm=""))


def solution_text(lesson: Lesson, *, own: bool) -> str:
    """Return the solution's files as one text, each under its name."""
    files = solution_files(lesson, own=own).items()
    return "\n".join(f"{path}\n{'─' * len(path)}\n{text}" for path, text in files)


def _lay(files: Mapping[str, bytes], work: Work, copy: Path) -> None:
    """Write files into the lesson, each whole or not at all."""
    if not work.folder.is_dir():  # a link to a folder may be where the student keeps the lesson
        _clear(work.folder, copy / MOVED / work.slug, is_folder=True)
    for name, data in files.items():
        target = work.folder / name
        for place in [*reversed(target.relative_to(work.folder).parents[:-1]), Path(name)]:
            _clear(work.folder / place, copy / MOVED / place, is_folder=place != Path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        try:
            draft.write_bytes(data)
            draft.replace(target)  # a new file: one with a second name elsewhere keeps its content there
        finally:
            draft.unlink(missing_ok=True)


def _remove_others(shipped: Collection[str], work: Work, copy: Path) -> None:
    """Remove what is neither the course's, nor a database, nor a cache; what has no copy, such as a link, is moved."""
    for folder, names, files in os.walk(work.folder):
        names[:] = [name for name in names if name not in SKIP]
        for path in (Path(folder, name) for name in [*names, *files]):
            place = path.relative_to(work.folder)
            if place.as_posix() in shipped or path.suffix == ".sqlite3" or (path.is_dir() and not path.is_symlink()):
                continue
            if path.is_file() and not path.is_symlink():
                path.unlink()
            else:
                _clear(path, copy / MOVED / place, is_folder=True)


def _clear(place: Path, kept: Path, *, is_folder: bool) -> None:
    """Move away what stands where a folder, or a file, of the lesson has to be: a link first of all."""
    fits = not place.is_symlink() and (place.is_dir() if is_folder else place.is_file())
    if fits or not os.path.lexists(place):
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    if place.is_symlink():
        kept.symlink_to(place.parent / place.readlink())  # from there too it leads where it led
        place.unlink()
    else:
        shutil.move(place, kept)


@contextmanager
def _telling(copy: Path, command: str) -> Iterator[None]:
    """Let whatever stops the work in the middle say where the copy is."""
    try:
        yield
    except (OSError, KeyboardInterrupt) as stopped:
        why = stopped.strerror if isinstance(stopped, OSError) else ""
        what = f"{getattr(stopped, 'filename', '')}: {why}." if why else "It was interrupted."
        remedy = f"Your files are in {copy}\nThen again: python3 {command}"
        raise CourseError(f"Not all files of the lesson are written. {what}", remedy) from stopped


def _made(folder: Path) -> bool:
    """Make a folder, and tell whether it was not there before: of two processes only one makes it."""
    try:
        folder.mkdir()
    except FileExistsError:
        return False
    return True
