"""Unpacks the archive of a whole class, as a platform hands it out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from course.errors import CourseError
from course.grading.members import Member, Refused, members, stem
from course.grading.submission_names import METADATA
from course.grading.taking_in import MOST_SEEN, make_folder, new_file, read_chunks, safe_path
from course.project.scratch_copy import scratch_folder

MOST_CLASS_BYTES = 4 * 1024 * 1024 * 1024
EXPORT = re.compile(r"assignment_\d+_export")  # of Gradescope


@dataclass(frozen=True)
class ClassFolder:
    """Where the entries of a class lie, and which of them can't be taken in for what stood in the class's archive."""

    path: Path
    refused: dict[str, str] = field(default_factory=dict)  # an entry's name -> why


@contextmanager
def unpacked_class(archive: Path) -> Iterator[ClassFolder]:
    """Unpack an archive, hand out the folder of its entries, remove it.

    What is wrong with one entry is no harm to the others. Raises CourseError where nothing can be read, or where it
    holds more than 4 GB.
    """
    with scratch_folder("class") as home:
        folder = home / "class"
        folder.mkdir()
        try:
            refused = _unpack(archive, folder)
        except Refused as reason:
            told = f"{archive} can't be taken for a class. {reason}"
            raise CourseError(told, "Unpack it yourself, and name the folder.") from None
        inner = _entries_folder(folder, archive)
        depth = len(inner.relative_to(folder).parts)
        yield ClassFolder(inner, {_entry_of(path, depth): reason for path, reason in refused.items()})


def _unpack(archive: Path, folder: Path) -> dict[str, str]:
    """Write the files; return what could not be written, and why. Links come last: nothing is written by them."""
    size = 0
    refused: dict[str, str] = {}
    links: list[tuple[Path, str]] = []
    for number, member in enumerate(members(archive)):
        size += max(member.size, 0)
        if size > MOST_CLASS_BYTES or number > MOST_SEEN:
            raise Refused(f"It holds more than {MOST_CLASS_BYTES // 1024**3} GB, or {MOST_SEEN:,} files.")
        try:
            place = folder / safe_path(member)
            if member.kind in ("link", "other"):
                links.append((place, member.target or "a device"))
            else:
                _write(member, place)
        except Refused as reason:
            refused[member.path] = str(reason)
    for place, target in links:
        if not place.exists() and not place.is_symlink():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(target)  # whoever takes the entry in finds it with lstat, and says so
    return refused


def _write(member: Member, place: Path) -> None:
    if member.kind == "folder":
        make_folder(place, member.path)
        return
    with new_file(place, member.path) as file:
        for chunk in read_chunks(member, member.path):
            file.write(chunk)


def _entries_folder(folder: Path, archive: Path) -> Path:
    """Go into the one folder that holds all entries, where a platform or a packer has made it."""
    inside = [path for path in folder.iterdir() if path.name != "__MACOSX"]
    if len(inside) != 1 or not inside[0].is_dir() or (inside[0] / "manage.py").exists():
        return folder
    only = inside[0]
    wraps = only.name == stem(archive.name) or EXPORT.fullmatch(only.name) or (only / METADATA).exists()
    return only if wraps else folder


def _entry_of(path: str, depth: int) -> str:
    """Return the entry that a path in the archive belongs to; one that leads out of it is an entry of its own."""
    parts = [part for part in PurePosixPath(path.replace("\\", "/")).parts if part not in ("/", ".")]
    return path if ".." in parts or len(parts) <= depth else parts[depth]
