"""`course docs --refresh`: the same on any machine, whole or not at all."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.authoring.pages.generated_files import TEXTS, as_bytes
from course.authoring.pages.refreshing import made_by_runs, write
from course.authoring.pages.stable_output import on_schedule, steady_events
from course.catalog.lessons import ROOT, find
from course.errors import CourseError
from course.results import WireEvent
from course.testbed.deadlines import deadline_s
from tests.conftest import Clone, environment

SAMPLE = ("02", "04")  # one waits in vain, one has a clock that ticks
STALE = "Two hours ago."
SHOWN = TEXTS / "02_sync_echo" / "passing.txt"
UNTIL_PAGES_STAND = ("docs", "includes", "README.md")  # beside what a student's clone has


@pytest.fixture
def load() -> Iterator[None]:
    """Keep all cores busy, as another program may."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4)]
    yield
    for process in busy:
        process.kill()
        process.wait()


@pytest.fixture
def stale_clone(clone: Clone) -> Clone:
    """Return a course with pages, of which one shows what nobody sees any more."""
    for name in UNTIL_PAGES_STAND:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, clone.root / name)
    (clone.root / SHOWN).write_text(STALE)
    return clone


def refreshing(clone: Clone) -> subprocess.Popen[str]:
    """Begin to refresh lesson 02, and return when its first output is made."""
    command = [*clone.command, "docs", "02", "--refresh"]
    begun = subprocess.Popen(
        command, cwd=clone.root, env=environment({}), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert begun.stderr
    assert any(line.startswith("  1 of ") for line in begun.stderr)
    return begun


def contents(root: Path) -> dict[Path, bytes]:
    return {
        path: path.read_bytes() for name in ("docs", "includes", "lessons") for path in (root / name).rglob("*.*")
        if path.is_file()
    }  # fmt: skip


def test_a_busy_machine_makes_what_a_quiet_one_has_made(load: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all cores busy and time stretched, the outputs of lessons are the stored ones, byte for byte."""
    monkeypatch.setenv("COURSE_TIME_SCALE", f"{3 * deadline_s():g}")
    made = made_by_runs([find(number) for number in SAMPLE])

    assert len(made) > 10
    assert [path for path, content in made.items() if (ROOT / path).read_bytes() != as_bytes(content)] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_what_stops_a_refresh_leaves_the_pages_as_they_were(number: int, stale_clone: Clone) -> None:
    """Ended on the way, in whatever way, it has written nothing."""
    before = contents(stale_clone.root)
    begun = refreshing(stale_clone)
    begun.send_signal(number)
    begun.communicate(timeout=deadline_s(30))

    assert begun.returncode == (-number if number == signal.SIGKILL else 130)
    assert contents(stale_clone.root) == before


def test_a_refresh_writes_what_has_changed(stale_clone: Clone) -> None:
    """It names the one file that is not as it should be, and leaves the others alone."""
    done = stale_clone.run("docs", "02", "--refresh")

    assert done.output.splitlines() == [SHOWN.as_posix()]
    assert (stale_clone.root / SHOWN).read_bytes() == (ROOT / SHOWN).read_bytes()
    assert not (stale_clone.root / ".course" / "refresh").exists()


def test_what_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    """Where one of the files can't be put in its place, the others are not either."""
    (tmp_path / "old.txt").write_text("old")
    (tmp_path / "folder").write_text("a file where a folder has to be")

    with pytest.raises(OSError, match="folder"):
        write(tmp_path, {Path("old.txt"): b"new", Path("folder/new.txt"): b"new"})
    assert (tmp_path / "old.txt").read_text() == "old"


def test_what_reaches_several_at_once_has_one_order() -> None:
    """Two clients hear the same; whoever comes first, the timeline names them in the same order."""
    said = WireEvent(0, "ben", "→", "tea")
    ana, ben = WireEvent(7, "ana", "←", "tea"), WireEvent(6, "ben", "←", "tea")

    assert steady_events((said, ana, ben)) == steady_events((said, ben, ana))


def test_an_arrival_has_the_time_of_its_schedule() -> None:
    """What came late comes when it was due; before that time, or never, it is an error."""
    start, tick = WireEvent(0, "ana", "→", "start"), WireEvent(1730, "ana", "←", "1")

    assert [event.at_ms for event in on_schedule((start, tick), {"1": 100})] == [0, 100]
    with pytest.raises(CourseError, match="1 came after 1730 ms"):
        on_schedule((start, tick), {"1": 2000})
    with pytest.raises(CourseError, match="2"):
        on_schedule((start, tick), {"2": 100})


def test_what_redis_and_the_worker_did_is_left_out_of_what_is_printed() -> None:
    """When that was, between clients, is chance; that something did not happen is none, and comes after all else."""
    waited = WireEvent(3000, "ana", "·", "waited 3 s, and nothing came", diverged=True)
    missing = WireEvent(3000, "Redis", "·", "no group_send has come")
    chance = (
        WireEvent(1, "server", "→", "group_add tea", peer="Redis"),
        WireEvent(2, "worker", "·", "takes jobs.tea()"),
    )
    told = steady_events((WireEvent(0, "ana", "→", "tea"), *chance, waited, missing))

    assert [event.what for event in told] == ["tea", waited.what, missing.what]
