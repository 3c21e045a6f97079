"""Finds the project of a lesson in what a student handed in, however they packed it."""

from __future__ import annotations

from pathlib import Path

from course.catalog.lessons import Lesson
from course.grading.members import Refused
from course.reports.clean import clean_line

MOST_NAMED = 4


def find_project(folder: Path, lesson: Lesson) -> Path:
    """Return the folder to judge: a clone's own `lessons/NN…`, else the one project that there is.

    Raises Refused where there is none, or more than one, which it names.
    """
    lessons = sorted(path for path in folder.rglob(f"lessons/{lesson.slug}") if path.is_dir())
    if lessons:
        return _only(lessons, folder, f"copies of lessons/{lesson.slug}")
    if clones := sorted(path for path in folder.rglob("lessons") if any(path.glob("[0-9][0-9]_*/lesson.toml"))):
        raise Refused(f"{_shown(clones[0], folder)} has no {lesson.slug}.")
    found = sorted(path.parent for path in folder.rglob("manage.py") if path.is_file())
    outer = [path for path in found if not any(other in path.parents for other in found)]
    if not outer:
        raise Refused("There is no manage.py in it.")
    project = _only(outer, folder, "projects")
    # A manage.py one level down, beside the client or the README, belongs to the project that holds all of them.
    top = _without_wrappers(folder)
    return top if project.parent == top else project


def _only(found: list[Path], folder: Path, kind: str) -> Path:
    if len(found) == 1:
        return found[0]
    names = ", ".join(_shown(path, folder) for path in found[:MOST_NAMED])
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    raise Refused(f"There are {len(found)} {kind} in it: {names}{more}. Hand in one.")


def _without_wrappers(folder: Path) -> Path:
    """Go down while there is nothing but one folder."""
    while True:
        inside = list(folder.iterdir())
        if len(inside) != 1 or not inside[0].is_dir() or (folder / "manage.py").exists():
            return folder
        folder = inside[0]


def _shown(path: Path, folder: Path) -> str:
    name = path.relative_to(folder).as_posix()
    return clean_line(name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"), 80)
