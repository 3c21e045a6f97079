"""Which saves are heard, and from where."""

from __future__ import annotations

import contextlib
import queue
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.catalog.lessons import ROOT
from course.student.file_watching import has_no_events, saves
from course.testbed.deadlines import deadline_s


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[tuple[Path, queue.SimpleQueue[str]]]:
    """Watch a course of two lessons; what is heard goes into the queue."""
    for slug in ("01_asgi_setup", "02_sync_echo"):
        shutil.copytree(ROOT / "lessons" / slug, tmp_path / "lessons" / slug)
    heard: queue.SimpleQueue[str] = queue.SimpleQueue()
    stop = threading.Event()

    def listen() -> None:
        for lesson in saves(tmp_path, stop):
            heard.put(lesson.slug)

    listener = threading.Thread(target=listen)
    listener.start()
    prime(tmp_path / "lessons" / "01_asgi_setup" / "manage.py", heard)
    yield tmp_path / "lessons", heard
    stop.set()
    listener.join()


def prime(file: Path, heard: queue.SimpleQueue[str]) -> None:
    """Save a file until the watcher, which says nothing when it is ready, hears of it; then let its echoes pass."""
    for _ in range(100):
        file.touch()
        try:
            heard.get(timeout=deadline_s(0.1))
            break
        except queue.Empty:
            continue
    with contextlib.suppress(queue.Empty):
        while True:
            heard.get(timeout=deadline_s(0.3))


def test_a_burst_of_saves_is_one(heard: tuple[Path, queue.SimpleQueue[str]]) -> None:
    """What an editor and a formatter write at once is told once; the next save of another lesson is the fence."""
    folder, told = heard
    for name in ("consumers.py", "routing.py", "consumers.py.tmp", "consumers.py~", "consumers.py"):
        (folder / "02_sync_echo" / "echo" / name).write_text("# saved\n")
    first = told.get(timeout=deadline_s(5))
    (folder / "01_asgi_setup" / "config" / "asgi.py").write_text("# saved\n")
    second = told.get(timeout=deadline_s(5))

    assert (first, second) == ("02_sync_echo", "01_asgi_setup")


def test_what_the_project_writes_itself_is_no_save(heard: tuple[Path, queue.SimpleQueue[str]]) -> None:
    """A database, Python's caches and what is built change without a new verdict."""
    folder, told = heard
    (folder / "02_sync_echo" / "dist").mkdir()
    (folder / "02_sync_echo" / "dist" / "main.js").write_text("built")
    (folder / "02_sync_echo" / "db.sqlite3").write_text("data")
    (folder / "02_sync_echo" / "echo" / "__pycache__").mkdir()
    (folder / "02_sync_echo" / "echo" / "__pycache__" / "consumers.pyc").write_text("data")
    (folder / "01_asgi_setup" / "config" / "asgi.py").write_text("# saved\n")

    assert told.get(timeout=deadline_s(5)) == "01_asgi_setup"


@pytest.mark.parametrize(
    ("mounts", "polled"),
    [
        ("/dev/sda1 / ext4 rw 0 0\n", False),
        ("/dev/sda1 / ext4 rw 0 0\nhost {folder} 9p rw 0 0\n", True),
        ("/dev/sda1 / ext4 rw 0 0\nserver:/home {folder} nfs4 rw 0 0\n", True),
        ("server:/ / nfs rw 0 0\n/dev/sda1 {folder} ext4 rw 0 0\n", False),
    ],
)
def test_a_network_folder_is_looked_at(tmp_path: Path, mounts: str, polled: bool) -> None:
    """Polling is chosen where the innermost mount is of a kind that hands out no events."""
    table = tmp_path / "mounts"
    table.write_text(mounts.format(folder=tmp_path))

    assert has_no_events(tmp_path / "lessons", table) is polled


def test_without_a_table_of_mounts_events_are_trusted(tmp_path: Path) -> None:
    """On systems without /proc/mounts the file events of the system are used."""
    assert has_no_events(tmp_path, tmp_path / "none") is False
