"""Scratch copies of a project: what is checked is never the student's own folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from course.catalog.lessons import Lesson
from course.catalog.mistakes import Mistake
from course.catalog.solution_parts import guided_part
from course.errors import CourseError

PREFIX = "course-"
SKIP = {
    ".git",
    ".venv",
    "venv",
    "node_modules",
    ".angular",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
}
MOST_BYTES = 200 * 1024 * 1024
MOST_LEVELS = 50  # of folders that are walked: no project is so deep, but a program may nest them without end


@contextmanager
def scratch(
    lesson: Lesson,
    project: Path | None = None,
    *,
    solved: bool = False,
    mistake: Mistake | None = None,
    place: Path | None = None,
) -> Iterator[Path]:
    """Compose a project in a fresh folder, hand it out, remove it.

    The project is the lesson's starter unless `project` names another; `solved` lays the solution over it,
    and `mistake` is then made in that, a guided one without its own part. The fresh folder is in `place` where that is
    said. Links that lead out of the project are left out.
    Raises CourseError where the project is not a folder or is larger than 200 MB.
    """
    source = project or lesson.starter
    if not source.is_dir():
        remedy = "Name the folder that holds the project's manage.py."
        if not project:
            remedy = f"Put it back as it was at the start: python3 course reset {lesson.number}"
        raise CourseError(f"{source} is not a folder.", remedy)
    with scratch_folder("project", place) as home:
        work = home / "project"
        copy_tree(source, work)
        if solved:
            copy_tree(lesson.solution, work)
        if mistake:
            _make(mistake, lesson, work)
        yield work


@contextmanager
def scratch_folder(kind: str, place: Path | None = None) -> Iterator[Path]:
    """Hand out an empty folder, in `place` where that is said, and remove it; after a kill, the next run does it."""
    _sweep()
    home = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-{kind}-", dir=place))
    try:
        yield home
    finally:
        remove(home)


def _make(mistake: Mistake, lesson: Lesson, work: Path) -> None:
    for name in lesson.edit if mistake.group == "guided" else ():
        text = (work / name).read_text(encoding="utf-8")
        (work / name).write_text(guided_part(text, listings=True), encoding="utf-8")
    mistake.apply(work)


def copy_tree(source: Path, target: Path, most_bytes: int | None = MOST_BYTES) -> None:
    """Lay the files of `source` over `target`, without caches and without links that lead out.

    Raises CourseError when they are more than `most_bytes`, or one of them can't be read.
    """
    total = 0
    for path in files_of(source):
        total += _copy(path, target / path.relative_to(source))
        if most_bytes is not None and total > most_bytes:
            raise CourseError(
                f"{source} holds more than {most_bytes // 1024 // 1024} MB.",
                "Name the folder that holds manage.py, without data and virtual environments.",
            )


def _copy(path: Path, copy: Path) -> int:
    """Copy a file, and return how many bytes it has."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copyfile(path, copy)
        return copy.stat().st_size
    except PermissionError as error:
        if error.filename != str(path):
            raise
        raise CourseError(f"{path} can't be read.", f"Let your user read it: chmod u+r {path}") from None
    except FileNotFoundError:
        if path.exists():
            raise
        return 0  # an editor has replaced it in the meantime, and the save that follows is heard


def files_of(source: Path) -> Iterator[Path]:
    """Yield the regular files of a project, sorted, leaving out caches and links that lead out of it.

    Raises CourseError for a folder that can't be read.
    """
    top = os.path.realpath(source)  # unlike Path.resolve, it survives a loop of links
    for folder, names, files in walk(source, _unreadable):
        names[:] = sorted(name for name in names if name not in SKIP and not Path(folder, name).is_symlink())
        for name in sorted(files):
            path = Path(folder, name)
            if Path(os.path.realpath(path)).is_relative_to(top) and path.is_file():
                yield path


def walk(top: Path, on_error: Callable[[OSError], None] | None = None) -> Iterator[tuple[str, list[str], list[str]]]:
    """Walk a folder from its top as os.walk does, which gives up where folders are nested a thousand deep."""
    for folder, names, files in os.walk(top, onerror=on_error):
        if len(Path(folder).relative_to(top).parts) >= MOST_LEVELS:
            names.clear()
        yield folder, names, files


def remove(folder: Path) -> None:
    """Remove a folder; a program that still writes there, or has nested folders without end, hides no result."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except RecursionError:
        subprocess.run(["rm", "-rf", "--", folder], stderr=subprocess.DEVNULL, check=False)  # it goes to any depth


def _unreadable(error: OSError) -> None:
    if isinstance(error, PermissionError):
        raise CourseError(f"{error.filename} can't be read.", f"Let your user read it: chmod u+rx {error.filename}")


def _sweep() -> None:
    """Remove the scratch folders of runs that were killed before they could do it themselves."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        owner = path.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not _alive(int(owner)):
            remove(path)  # another run may be sweeping the same folder


def _alive(pid: int) -> bool:
    if os.name == "nt":  # os.kill would end the process there
        return True
    try:
        os.kill(pid, 0)
    except OSError as error:
        return not isinstance(error, ProcessLookupError)  # of somebody else, it is alive
    return True
