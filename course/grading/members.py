"""What is in a submission, file by file: of a folder, a zip, a tar, a tar.gz. Nothing is written, nothing followed."""

from __future__ import annotations

import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Literal

Kind = Literal["file", "folder", "link", "other"]
ENDINGS = (".tar.gz", ".tgz", ".tar", ".zip")
NOT_READ = (OSError, tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


class Refused(Exception):
    """A submission can't be taken in; the text says why, to its student and its teacher."""


@dataclass(frozen=True)
class Member:
    """One thing in a submission: its path there as it is written, what it is, and how its bytes are read."""

    path: str
    kind: Kind
    open: Callable[[], IO[bytes]]
    size: int = 0  # as it is said; how many bytes come is counted
    target: str = ""  # of a link
    changed: float = 0.0  # seconds since 1970, as the submission says


def is_archive(name: str) -> bool:
    """Tell whether a file of this name is an archive that can be taken in."""
    return name.lower().endswith(ENDINGS)


def stem(name: str) -> str:
    """Return a file's name without the ending of an archive."""
    ending = next((ending for ending in ENDINGS if name.lower().endswith(ending)), "")
    return name[: len(name) - len(ending)] or name


def members(source: Path) -> Iterator[Member]:
    """Yield what is in a folder or an archive. Raises Refused where it can't be read."""
    try:
        if source.is_dir():
            yield from _in_folder(source)
        elif source.name.lower().endswith(".zip"):
            yield from _in_zip(source)
        else:
            yield from _in_tar(source)
    except NOT_READ as error:
        told = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise Refused(f"It can't be read: {told}.") from None


def lone_member(path: Path) -> Member:
    """Return one file of the class's folder as a member."""
    facts = path.lstat()
    return Member(path.name, _kind(facts.st_mode), lambda: _open_file(path), facts.st_size, "", facts.st_mtime)


def _in_folder(top: Path) -> Iterator[Member]:
    """Walk with lstat: a link is told, and never followed."""
    pending = [top]
    while pending:
        with os.scandir(pending.pop()) as found:
            entries = sorted(found, key=lambda entry: entry.name)
        for entry in entries:
            path, facts = Path(entry.path), entry.stat(follow_symlinks=False)
            kind = _kind(facts.st_mode)
            inside = PurePosixPath(path.relative_to(top)).as_posix()
            target = str(path.readlink()) if kind == "link" else ""
            yield Member(inside, kind, lambda path=path: _open_file(path), facts.st_size, target, facts.st_mtime)  # type: ignore[misc]  # its default binds the path of this turn
            if kind == "folder" and not is_left_out(inside):
                pending.append(path)


def _in_zip(source: Path) -> Iterator[Member]:
    with zipfile.ZipFile(source) as archive:
        for info in archive.infolist():
            mode = info.external_attr >> 16
            kind: Kind = "folder" if info.is_dir() else _kind(mode) if stat.S_IFMT(mode) else "file"
            if info.flag_bits & 1 and kind == "file":
                raise Refused("It is protected with a password.")
            target = ""
            if kind == "link":
                with archive.open(info) as text:
                    target = text.read(4096).decode("utf-8", "surrogateescape")
            said = (info.file_size, target, _zip_time(info))
            yield Member(info.filename, kind, lambda info=info: archive.open(info), *said)  # type: ignore[misc]  # its default binds the member of this turn


def _in_tar(source: Path) -> Iterator[Member]:
    with tarfile.open(source, mode="r:*", errors="surrogateescape") as archive:
        for info in archive:
            kind: Kind = "file" if info.isreg() else "folder" if info.isdir() else "other"
            if info.issym() or info.islnk():
                kind = "link"
            said = (info.size, info.linkname, float(info.mtime))
            yield Member(info.name, kind, lambda info=info: _of_tar(archive, info), *said)  # type: ignore[misc]  # its default binds the member of this turn


def _of_tar(archive: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    opened = archive.extractfile(info)
    assert opened is not None  # it is a regular file
    return opened


def _kind(mode: int) -> Kind:
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "folder"
    return "link" if stat.S_ISLNK(mode) else "other"


def _zip_time(info: zipfile.ZipInfo) -> float:
    """Return a member's time; a zip knows no time zone, so it is taken as ours."""
    try:
        return datetime(*info.date_time).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def _open_file(path: Path) -> IO[bytes]:
    """Open a regular file, and nothing that has taken its place since it was looked at."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    opened = os.fdopen(os.open(path, flags), "rb")
    if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
        opened.close()
        raise Refused("A file in it changed while it was read.")
    return opened


# What a submission carries along, and nobody judges.
LEFT_OUT = frozenset({
    "__macosx", ".git", ".hg", ".svn", ".venv", "venv", "node_modules", ".angular", "__pycache__",
    ".mypy_cache", ".ruff_cache", ".pytest_cache", ".ds_store", "thumbs.db", ".idea", ".vscode",
})  # fmt: skip


def is_left_out(path: str) -> bool:
    """Tell whether a path leads through something that nobody judges."""
    return any(part.lower() in LEFT_OUT or part.startswith("._") for part in PurePosixPath(path).parts)
