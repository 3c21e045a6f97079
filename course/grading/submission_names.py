"""Reads from a file's name who handed it in, as learning platforms write it.

Moodle        `Full Name_1327627_assignsubmission_file_/…`: mod/assign/locallib.php; the number is that of "Participant"
              in its grading worksheet (mod/assign/feedback/offline/importgradeslib.php)
Canvas        `lastfirst_LATE_1234_5678_project.zip`: `ContentZipper#get_filename` in lib/content_zipper.rb; the numbers
              are the ids of the user and of the attachment
Gradescope    `submission_123456/` beside `submission_metadata.yml`, which names the submitters
GitHub        `assignment-login/`, a clone each: `gh classroom clone student-repos`, and Classroom 50's repositories
plain         a folder or an archive, named after the student
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from course.errors import CourseError
from course.grading.members import stem
from course.reports.clean import clean_line

MOODLE = re.compile(r"(?P<student>.+?)_(?P<id>\d+)_assignsubmission_[a-z]+(?:_.*)?", re.DOTALL)
CANVAS = re.compile(r"(?P<student>[^_]+)(?P<late>_LATE)?_(?P<id>\d+)_\d+_.+", re.DOTALL)
CANVAS_ANONYMOUS = re.compile(r"anon_(?P<id>[A-Za-z0-9]+)_\d+_.+", re.DOTALL)
GRADESCOPE = re.compile(r"submission_\d+")
METADATA = "submission_metadata.yml"
MOST_METADATA_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class Submitter:
    """Who handed something in, as far as a name tells: what the platform calls them, and that it came late."""

    student: str
    platform: str = "plain"
    id: str = ""
    email: str = ""
    late: bool = False
    handed_in: float = 0.0  # seconds since 1970, where the platform says it


def shown(name: str) -> str:
    """Return a file's name as text; bytes that are no UTF-8 are shown by their numbers."""
    return clean_line(os.fsencode(name).decode("utf-8", "backslashreplace"), 120)


def submitters(paths: Sequence[Path]) -> dict[Path, Submitter]:
    """Return who handed in each entry of a class's folder."""
    told = _gradescope(paths)
    logins = _github(paths)
    return {path: told.get(path.name) or logins.get(path) or _by_name(path) for path in paths}


def _by_name(path: Path) -> Submitter:
    name = path.name
    if found := MOODLE.fullmatch(name):
        return Submitter(shown(found["student"]), "moodle", found["id"])
    if path.is_file() and (found := CANVAS_ANONYMOUS.fullmatch(name)):
        return Submitter(f"anon {found['id']}", "canvas", found["id"])
    if path.is_file() and (found := CANVAS.fullmatch(name)):
        return Submitter(shown(found["student"]), "canvas", found["id"], late=bool(found["late"]))
    return Submitter(shown(stem(name) if path.is_file() else name))


def _gradescope(paths: Sequence[Path]) -> dict[str, Submitter]:
    """Read who handed in which folder; of a group, all are named."""
    if not any(GRADESCOPE.fullmatch(path.name) for path in paths):
        return {}
    file = paths[0].parent / METADATA
    if not file.is_file():
        return {}
    try:
        data = file.read_bytes()[:MOST_METADATA_BYTES]
        found = yaml.safe_load(data)
    except (OSError, yaml.YAMLError, RecursionError):
        raise CourseError(f"{file} can't be read as Gradescope writes it.", "Unpack the export again.") from None
    entries = found.items() if isinstance(found, dict) else ()
    return {str(name): _gradescope_entry(entry) for name, entry in entries if isinstance(entry, dict)}


def _gradescope_entry(entry: dict[str, object]) -> Submitter:
    people = entry.get(":submitters")
    known = [person for person in people if isinstance(person, dict)] if isinstance(people, list) else []

    def all_of(key: str) -> str:
        return clean_line(" & ".join(str(person[key]) for person in known if person.get(key)))

    when = entry.get(":created_at")
    handed_in = when.timestamp() if hasattr(when, "timestamp") else 0.0
    return Submitter(all_of(":name") or "nobody", "gradescope", all_of(":sid"), all_of(":email"), handed_in=handed_in)


def _github(paths: Sequence[Path]) -> dict[Path, Submitter]:
    """Take from clones what all their names begin with: the assignment."""
    clones = [path for path in paths if (path / ".git").exists()]
    if len(clones) < 2 or len(clones) != sum(path.is_dir() for path in paths):
        return {}
    names = [path.name for path in clones]
    ends = [at for at, letters in enumerate(zip(*names, strict=False)) if len(set(letters)) > 1]
    same = ends[0] if ends else min(map(len, names))
    prefix = names[0][: names[0].rfind("-", 0, same) + 1]
    if not prefix:
        return {}
    return {path: Submitter(shown(path.name[len(prefix) :]), "github") for path in clones}
