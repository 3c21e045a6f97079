"""Takes a submission in: copies its files to a folder of ours, and refuses what has no place in a project.

Limits are kept while bytes come, so that an archive that unpacks to terabytes costs no more than the limit.
"""

from __future__ import annotations

import errno
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import IO

from course.grading.members import NOT_READ, Member, Refused, is_archive, is_left_out, lone_member, members, stem
from course.project.scratch_copy import MOST_BYTES
from course.reports.clean import clean_line

MOST_FILES = 10_000
MOST_SEEN = 200_000  # with what is left out: a virtual environment holds some 20,000
MOST_PACKED_BYTES = 2 * 1024 * 1024 * 1024  # with what is left out: to skip it in a tar.gz, it has to be unpacked
MOST_LEVELS = 40
VIRTUAL_ENVIRONMENT = "pyvenv.cfg"  # what lies beside this file is one, whatever its folder is called
CHUNK = 64 * 1024


class Intake:
    """Copies the members of one submission; all its parts share one limit."""

    def __init__(self) -> None:
        """Nothing is taken in yet."""
        self._bytes = self._files = 0
        self._names: dict[str, str] = {}
        self.changed = 0.0

    def take(self, sources: Sequence[Path], target: Path) -> Path:
        """Copy folders, archives and files to `target`, one straight into it, several side by side; return it.

        An archive that holds nothing but another one is unpacked twice. Raises Refused.
        """
        target.mkdir(parents=True)
        for source in sources:
            place = PurePosixPath() if len(sources) == 1 else PurePosixPath(stem(source.name))
            if source.is_dir() or is_archive(source.name):
                self._take_all(source, target, place)
            else:
                self._take_one(lone_member(source), target, PurePosixPath(source.name))
        self._unpack_inner(target)
        return target

    def _take_all(self, source: Path, target: Path, place: PurePosixPath) -> None:
        found = (safe_path(member) for member in _within_limits(source))
        environments = {path.parent for path in found if path.name == VIRTUAL_ENVIRONMENT} - {PurePosixPath()}
        for member in _within_limits(source):
            path = safe_path(member)
            left_out = is_left_out(str(path)) or any(parent in environments for parent in path.parents)
            if path.parts and not left_out and path not in environments:
                self._take_one(member, target, place / path)

    def _take_one(self, member: Member, target: Path, path: PurePosixPath) -> None:
        if len(path.parts) > MOST_LEVELS:
            raise Refused(f"Its folders are more than {MOST_LEVELS} levels deep.")
        self._claim(path, member)
        if member.kind == "folder":
            make_folder(target / path, path)
        elif member.kind == "link":
            raise Refused(f"{_shown(path)} is a link to {_shown(member.target)}. Hand in the file itself.")
        elif member.kind == "other":
            raise Refused(f"{_shown(path)} is neither a file nor a folder.")
        else:
            self._write(member, target, path)

    def _claim(self, path: PurePosixPath, member: Member) -> None:
        """Refuse two names that are one where upper and lower case are the same, and a file given twice."""
        for depth in range(1, len(path.parts) + 1):
            part = PurePosixPath(*path.parts[:depth])
            folded = unicodedata.normalize("NFC", str(part)).casefold()
            known = self._names.setdefault(folded, str(part))
            if known != str(part):
                raise Refused(f"{_shown(known)} and {_shown(part)} differ in upper and lower case only.")
        if member.kind != "folder":
            key = f"{path}\0"
            if key in self._names:
                raise Refused(f"{_shown(path)} is in it twice.")
            self._names[key] = key

    def _write(self, member: Member, target: Path, path: PurePosixPath) -> None:
        self._files += 1
        if self._files > MOST_FILES:
            raise Refused(f"It holds more than {MOST_FILES:,} files.")
        self.changed = max(self.changed, member.changed)
        with new_file(target / path, path) as file:
            for chunk in read_chunks(member, path):
                self._bytes += len(chunk)
                if self._bytes > MOST_BYTES:
                    raise Refused(f"It holds more than {MOST_BYTES // 1024 // 1024} MB.")
                file.write(chunk)

    def _unpack_inner(self, target: Path) -> None:
        """Unpack the only archive that lies beside no project: a student's zip in the folder of an LMS."""
        inner = [path for path in target.rglob("*") if path.is_file() and is_archive(path.name)]
        if len(inner) != 1 or any(target.rglob("manage.py")):
            return
        place = PurePosixPath(inner[0].relative_to(target).parent.as_posix(), stem(inner[0].name))
        if (target / place).exists():
            place = place.with_name(f"{place.name}_unpacked")
        self._take_all(inner[0], target, place)


def _within_limits(source: Path) -> Iterator[Member]:
    """Yield the members of a source, until there are too many of them, or too much in them."""
    size = 0
    for number, member in enumerate(members(source)):
        size += max(member.size, 0)
        if number >= MOST_SEEN:
            raise Refused(f"It holds more than {MOST_SEEN:,} files.")
        if size > MOST_PACKED_BYTES:
            raise Refused(f"It unpacks to more than {MOST_PACKED_BYTES // 1024**3} GB.")
        yield member


def read_chunks(member: Member, path: object) -> Iterator[bytes]:
    """Yield the bytes of a file. Raises Refused where it can't be read; trouble with our own disk is no refusal."""
    try:
        with member.open() as source:
            while chunk := source.read(CHUNK):
                yield chunk
    except NOT_READ as error:
        told = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise Refused(f"{_shown(path)} can't be read: {told}.") from None


def new_file(place: Path, path: object) -> IO[bytes]:
    """Create a file for a member. Raises Refused where its name can't be had; a full disk is no refusal."""
    make_folder(place.parent, path)
    try:
        return place.open("xb")
    except (FileExistsError, IsADirectoryError):
        raise Refused(f"{_shown(path)} is in it twice, or is both a file and a folder.") from None
    except OSError as error:
        raise _name_or(error, path) from None


def make_folder(place: Path, path: object) -> None:
    """Create a folder for a member, and those above it. Raises as `new_file` does."""
    try:
        place.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise Refused(f"{_shown(path)} is both a file and a folder.") from None
    except OSError as error:
        raise _name_or(error, path) from None


def _name_or(error: OSError, path: object) -> Exception:
    """Return what to raise where a name could not be created: a name that can't be, or trouble of our own."""
    if error.errno in (errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ):
        return Refused(f"{_shown(path)} is a name that this machine can't write.")
    return error


def safe_path(member: Member) -> PurePosixPath:
    """Return a member's path, which must lead nowhere but down, on any system."""
    text = member.path.replace("\\", "/") if "/" not in member.path else member.path
    path = PurePosixPath(text)
    parts = [part for part in path.parts if part not in ("", ".")]
    drive = bool(parts) and len(parts[0]) > 1 and parts[0][1] == ":"
    if path.is_absolute() or ".." in parts or drive or "\0" in text:
        raise Refused(f"{_shown(member.path)} leads out of it.")
    if any(len(part.encode("utf-8", "surrogateescape")) > 255 for part in parts):
        raise Refused(f"{_shown(member.path)} is too long a name.")
    return PurePosixPath(*parts)


def _shown(path: object) -> str:
    return clean_line(str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"), 120)
