"""The starters as the course ships them: which files a lesson has, and what git holds of each.

`starters.txt` names every file of lessons/ with the id under which git keeps its content. By that id git finds it
whatever the student has committed, renamed or deleted since, in a fork or a shallow clone too; a commit could be the
student's own. `course docs --refresh` writes the file.
"""

from __future__ import annotations

import functools
import hashlib
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from course.errors import CourseError

LIST = Path("course/catalog/starters.txt")
LESSONS = "lessons/"


@functools.cache
def shipped(root: Path) -> Mapping[str, Mapping[str, str]]:
    """Return for each lesson's slug its files, as paths in the lesson, with git's ids of what they hold."""
    found: dict[str, dict[str, str]] = {}
    path = root / LIST
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        blob, _, name = line.partition(" ")
        slug, _, file = name.removeprefix(LESSONS).partition("/")
        found.setdefault(slug, {})[file] = blob
    return found


def contents(root: Path, slug: str, files: Iterable[str] = ()) -> dict[str, bytes]:
    """Return what these files of a starter hold as the course ships them, or all of its files.

    Raises CourseError where git can't tell.
    """
    listed = shipped(root).get(slug, {})
    wanted = {file: listed[file] for file in files or listed if file in listed}
    at_hand = {
        file: data
        for file, blob in wanted.items()
        if (data := _unchanged(root / LESSONS / slug / file, blob)) is not None
    }
    missing = {file: blob for file, blob in wanted.items() if file not in at_hand}
    found = at_hand | (_from_git(root, slug, missing) if missing else {})
    lost = [file for file in wanted if file not in found]
    if lost or not wanted:
        what = f"git does not hold {', '.join(lost[:3])}" if lost else "the course ships no such lesson"
        raise _unknown(slug, what)
    return found


def blob_id(data: bytes) -> str:
    """Return the id under which git keeps this content."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def list_of(root: Path, instead: Mapping[Path, bytes]) -> str:
    """Return the text of starters.txt for what git tracks now; files `instead` are about to hold something else."""
    tracked = subprocess.run(
        ["git", "ls-files", "-z", LESSONS], cwd=root, capture_output=True, text=True, check=True
    ).stdout.split("\0")[:-1]
    held = {name: instead.get(Path(name)) or (root / name).read_bytes() for name in sorted(tracked)}
    return "".join(f"{blob_id(data)} {name}\n" for name, data in held.items())


def _unchanged(path: Path, blob: str) -> bytes | None:
    """Return what a file holds where that is what the course ships."""
    try:
        data = path.read_bytes() if path.is_file() else None
    except OSError:
        data = None
    if data is None:
        return None
    return data if blob_id(data) == blob else None


def _from_git(root: Path, slug: str, wanted: Mapping[str, str]) -> dict[str, bytes]:
    if shutil.which("git") is None:
        raise CourseError("git is not on the PATH, so the starter can't be restored.", "Install git, then try again.")
    asked = "".join(f"{blob}\n" for blob in wanted.values()).encode()
    done = subprocess.run(["git", "cat-file", "--batch"], cwd=root, input=asked, capture_output=True, check=False)
    if done.returncode:
        raise _unknown(slug, f"git cat-file failed: {done.stderr.decode(errors='replace').strip()}")
    found, rest = {}, done.stdout
    for file in wanted:
        head, _, rest = rest.partition(b"\n")
        if head.endswith(b" missing"):
            continue
        size = int(head.split()[2])
        found[file], rest = rest[:size], rest[size + 1 :]
    return found


def _unknown(slug: str, why: str) -> CourseError:
    remedy = f"Copy lessons/{slug} from a fresh clone of the course: git clone <its address> fresh"
    return CourseError(f"The starter of {slug} can't be restored: {why}.", remedy)
