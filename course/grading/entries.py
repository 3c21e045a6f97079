"""The entries of a class: everything that lies in its folder or archive, each with who handed it in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from course.catalog.lessons import Lesson
from course.errors import CourseError
from course.grading.members import Refused, is_archive, stem
from course.grading.project_search import find_project
from course.grading.records import folder_name
from course.grading.roster import Roster, Student
from course.grading.submission_names import METADATA, Submitter, shown, submitters
from course.grading.taking_in import Intake
from course.grading.unpacking import ClassFolder, unpacked_class
from course.project.fingerprint import fingerprint
from course.project.scratch_copy import scratch_folder

NO_ENTRIES = ("__MACOSX", METADATA)


@dataclass(frozen=True)
class Entry:
    """One submission: what it is called, whose it is, where it lies; or a student who handed in nothing."""

    name: str  # on the terminal, and in tables
    folder: str  # of its results
    sources: tuple[Path, ...]
    submitter: Submitter
    student: Student | None = None
    refused: str = ""  # why it can't be taken in, where that is known already


@dataclass(frozen=True)
class Project:
    """What was taken in of a submission: the folder to judge, its hash, when it was last changed."""

    folder: Path
    digest: str
    changed: float


@contextmanager
def class_folder(place: Path, lesson: Lesson) -> Iterator[ClassFolder]:
    """Hand out the folder in which the entries of a class lie; an archive of a class is unpacked for as long.

    Raises CourseError where there is none, or where it is a project itself.
    """
    if place.is_file() and is_archive(place.name):
        with unpacked_class(place) as folder:
            yield folder
        return
    if not place.is_dir():
        raise CourseError(f"There is no folder or archive {place}.")
    if (place / "manage.py").is_file():
        alone = f"python3 course check {lesson.number} --project {place}"
        raise CourseError(f"{place} is one project, not a class.", f"To check it: {alone}")
    yield ClassFolder(place)


def entries(found: ClassFolder, roster: Roster | None = None, *leave_out: Path) -> list[Entry]:
    """Return an entry for all that lies in a class's folder, hidden files left out, in the order of their names.

    What one student handed in as several files is one entry. Raises CourseError where there is nothing.
    """
    others = {path.resolve() for path in leave_out}
    names = {path.name for path in found.path.iterdir() if path.resolve() not in others} | found.refused.keys()
    wanted = sorted(name for name in names if not name.startswith(".") or name in found.refused)
    refused = {found.path / name: found.refused.get(name, "") for name in wanted if name not in NO_ENTRIES}
    paths = list(refused)
    if not paths:
        told = f"There are no submissions in {found.path}."
        raise CourseError(told, "Each is a folder, a zip or a tar, with a manage.py.")
    whose = submitters(paths)
    groups: dict[object, list[Path]] = {}
    for path in paths:
        by = whose[path]
        together = by.platform in ("canvas", "moodle")
        groups.setdefault((by.platform, by.student, by.id) if together else path, []).append(path)
    return _named([_entry(group, whose[group[0]], roster, refused) for group in groups.values()])


def missing(roster: Roster, found: list[Entry]) -> list[Student]:
    """Return who of the roster has handed in nothing."""
    known = {id(entry.student) for entry in found}
    return [student for student in roster.students if id(student) not in known]


@contextmanager
def taken_in(entry: Entry, lesson: Lesson) -> Iterator[Project]:
    """Copy a submission to a folder of ours, hand out its project, remove the copy. Raises Refused."""
    with scratch_folder("intake") as home:
        if entry.refused:
            raise Refused(entry.refused)
        for path in entry.sources:
            if path.is_symlink():
                raise Refused(f"It is a link to {shown(str(path.readlink()))}.")
        if not any(path.is_dir() or is_archive(path.name) for path in entry.sources):
            raise Refused("It is neither a folder nor a zip, tar or tar.gz.")
        intake = Intake()
        folder = intake.take(entry.sources, home / "submission")
        project = find_project(folder, lesson)
        yield Project(project, fingerprint(project), intake.changed)


def _entry(paths: list[Path], submitter: Submitter, roster: Roster | None, refused: dict[Path, str]) -> Entry:
    names = [stem(shown(path.name)) for path in paths]
    student = roster.find(submitter, *names) if roster else None
    name = student.name if student else submitter.student
    reason = next(filter(None, (refused[path] for path in paths)), "")
    return Entry(name, folder_name(name, os.fsencode(paths[0].name)), tuple(paths), submitter, student, reason)


def _named(found: list[Entry]) -> list[Entry]:
    """Give entries of one name the names of their files, so that each row of a table says which it is."""
    names = [entry.name for entry in found]

    def name_of(entry: Entry) -> str:
        alone = names.count(entry.name) == 1
        return entry.name if alone else f"{entry.name} ({shown(entry.sources[0].name)})"

    return [replace(entry, name=name_of(entry)) for entry in found]
