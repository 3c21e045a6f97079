"""The hash of files, by which what was judged, or judged by, is known again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def fingerprint(folder: Path, files: Iterable[Path] | None = None) -> str:
    """Return the hash of these files by their paths in a folder and their contents, of all but caches unless named."""
    if files is None:
        files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(f"{path.relative_to(folder).as_posix()}\0".encode("utf-8", "surrogateescape"))
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
