"""A project's SQLite is kept busy, or damaged, for as long as a check wants it, and is whole again afterwards."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from course.testbed.servers.sqlite_locks import SqliteDatabase


@pytest.fixture(params=["DELETE", "WAL"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a project's folder with a database of one tea, in the usual mode and in WAL mode."""
    with closing(sqlite3.connect(tmp_path / "site.sqlite3")) as connection:
        connection.execute(f"PRAGMA journal_mode={request.param}")
        connection.execute("CREATE TABLE teas (name TEXT)")
        connection.execute("INSERT INTO teas VALUES ('Assam')")
        connection.commit()
    return tmp_path


def teas(folder: Path) -> list[tuple[str]]:
    with closing(sqlite3.connect(folder / "site.sqlite3", timeout=0)) as connection:
        return connection.execute("SELECT name FROM teas").fetchall()


def test_a_damaged_database_can_not_be_read(folder: Path) -> None:
    """No row can be read while it is damaged; afterwards all are there."""
    with SqliteDatabase(folder).damaged(), pytest.raises(sqlite3.DatabaseError, match="not a database"):
        teas(folder)

    assert teas(folder) == [("Assam",)]


def test_a_damaged_database_still_answers_select_1(folder: Path) -> None:
    """What never opens the file notices nothing: that is why a health check has to read a row."""
    with SqliteDatabase(folder).damaged(), closing(sqlite3.connect(folder / "site.sqlite3")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_whoever_has_the_file_open_meets_the_damage_too(folder: Path) -> None:
    """A connection that was there before finds no database either, unless it works on a log of its own."""
    with closing(sqlite3.connect(folder / "site.sqlite3")) as connection:
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
        with SqliteDatabase(folder).damaged():
            if mode == "delete":
                with pytest.raises(sqlite3.DatabaseError, match="not a database"):
                    connection.execute("SELECT name FROM teas").fetchall()

        assert connection.execute("SELECT name FROM teas").fetchall() == [("Assam",)]


def test_readers_wait_where_sqlite_lets_them(folder: Path) -> None:
    """While somebody has it all to themselves, a reader is told that it is locked; in WAL mode nobody is."""
    with closing(sqlite3.connect(folder / "site.sqlite3")) as connection:
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    with SqliteDatabase(folder).readers_wait():
        if mode == "wal":
            assert teas(folder) == [("Assam",)]
        else:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                teas(folder)

    assert teas(folder) == [("Assam",)]


def test_without_a_database_the_check_is_skipped(tmp_path: Path) -> None:
    """Where there is no SQLite file, a check that damages it is skipped and says so."""
    with pytest.raises(pytest.skip.Exception, match="not an SQLite file"), SqliteDatabase(tmp_path).damaged():
        pass
