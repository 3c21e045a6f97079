"""A project's database, kept busy by somebody else, so that what is a matter of luck on other days happens for sure.

This works with SQLite, by its own locks, taken in a process of their own. Another database is left alone: then
nothing waits, and checks have to be right with that too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from course.project.scratch_copy import files_of
from course.testbed.deadlines import comes_true, deadline_s
from course.testbed.processes.environment import python
from course.testbed.processes.process import Process, Spawn

HEADER = b"SQLite format 3\0"
DAMAGE = bytes(100)  # in place of a database's header
HOLD_UNITS = 5.0
HOLD = """
import sqlite3, sys, threading
held = []
for path in sys.argv[2:]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN " + sys.argv[1])
    connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    held.append(connection)
print("held", flush=True)
threading.Event().wait()
"""


class SqliteDatabase:
    """The SQLite files of a project."""

    def __init__(self, folder: Path, spawn: Spawn | None = None) -> None:
        """Look for them in `folder` each time; `spawn` starts who holds them where we do not."""
        self._spawn = spawn
        self._folder = folder

    def commits_wait(self) -> AbstractContextManager[None]:
        """Read from the database as long as the block lasts: others may read and write, but their commits wait."""
        return self._held("DEFERRED")

    def writers_wait(self) -> AbstractContextManager[None]:
        """Write to the database as long as the block lasts: others may read, but what they write waits."""
        return self._held("IMMEDIATE")

    def readers_wait(self) -> AbstractContextManager[None]:
        """Keep the whole database to ourselves as long as the block lasts: whoever reads it waits.

        A database in WAL mode lets nobody wait who only reads.
        """
        return self._held("EXCLUSIVE")

    @contextmanager
    def damaged(self) -> Iterator[None]:
        """Let no row be read as long as the block lasts: the file is there, and what is in it is no database.

        The check is skipped where the project's database is no SQLite file.
        """
        files = self._files()
        if not files:
            import pytest

            pytest.skip("The project's database is not an SQLite file, so it can't be damaged for a moment.")
        for path in files:  # what one in WAL mode has in a file beside it goes into the database itself
            with closing(sqlite3.connect(path, timeout=deadline_s(HOLD_UNITS))) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        kept = {path: path.read_bytes()[: len(DAMAGE)] for path in files}
        try:
            for path in files:
                _write_over(path, DAMAGE)
            yield
        finally:
            for path, beginning in kept.items():
                _write_over(path, beginning)

    def saw_a_commit_wait(self, gives_up: Callable[[], bool], units: float) -> bool:
        """Wait until a commit waits for those who read, or nobody is left to make one; tell whether one was seen."""
        seen: list[bool] = []

        def is_clear() -> bool:
            if self.somebody_commits():
                seen.append(True)
            return bool(seen) or gives_up()

        comes_true(is_clear, units)
        return bool(seen)

    def somebody_commits(self) -> bool:
        """Tell whether a commit waits for those who read: then nobody new may begin to read."""
        for path in self._files():
            with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=0)) as connection:
                try:
                    connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
                except sqlite3.OperationalError as error:
                    if "locked" in str(error):
                        return True
        return False

    @contextmanager
    def _held(self, mode: str) -> Iterator[None]:
        files = [str(path) for path in self._files()]
        holder = Process(python("-c", HOLD, mode, *files), cwd=self._folder, spawn=self._spawn)
        try:
            held = holder.wait_for("^held$", deadline_s(HOLD_UNITS))
            assert held, f"The database could not be held: {holder.output}"
            yield
        finally:
            holder.kill()

    def _files(self) -> list[Path]:
        return [path for path in files_of(self._folder) if _begins_with(path, HEADER)]


def _begins_with(path: Path, header: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(header)) == header


def _write_over(path: Path, beginning: bytes) -> None:
    with path.open("r+b") as file:
        file.write(beginning)
