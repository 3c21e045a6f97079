"""What the keys of `course watch` do, beside what the tests on a real terminal press."""

from __future__ import annotations

import functools
import re
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from course.catalog.lessons import find
from course.docs import site
from course.docs.wire_view import open_wire
from course.results import Report
from course.student.progress import Progress
from course.watch import key_commands
from course.watch.key_commands import NO_BROWSER, KeyCommands, Wish

ADDRESS = "http://127.0.0.1:8001/lessons/09_chat_sync/"


@pytest.fixture
def progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the progress of this test in a file of its own."""
    monkeypatch.setattr("course.student.progress.FILE", tmp_path / "progress.toml")
    return tmp_path / "progress.toml"


@pytest.fixture
def desk(progress: Path) -> KeyCommands:
    return KeyCommands(find("09"), Console(file=StringIO(), width=80, height=24))


def test_after_a_lesson_n_goes_to_the_next_that_is_not_passed(progress: Path, desk: KeyCommands) -> None:
    """From 09 it is 10, and 11 where 10 has passed, however many lessons before it have not."""
    first = desk.answer("n")
    Progress(progress).record(find("10").slug, passed=True)
    second = KeyCommands(find("09"), Console(file=StringIO())).answer("n")

    assert (first, second) == (Wish(find("10")), Wish(find("11")))


def test_a_lesson_that_is_chosen_from_the_list_is_checked_once(desk: KeyCommands) -> None:
    """Enter on the lesson that is shown closes the list; on another one it asks for that."""
    desk.answer("l")
    same = desk.answer("enter")
    desk.answer("l")
    desk.answer("down")

    assert (same, desk.answer("enter")) == (None, Wish(find("10")))


@pytest.mark.usefixtures("progress")
def test_only_who_has_begun_nothing_sees_the_course_first(progress: Path) -> None:
    """Somebody in the middle of the first lesson goes on with it."""
    newcomer = KeyCommands(find("01"), Console(file=StringIO())).is_new
    Progress(progress).work_on(find("01").slug)

    assert (newcomer, KeyCommands(find("01"), Console(file=StringIO())).is_new) == (True, False)


@pytest.mark.parametrize(("opens", "said"), [(True, "The lesson's page:"), (False, NO_BROWSER)])
def test_the_page_s_address_is_told_whether_or_not_a_browser_opens(
    desk: KeyCommands, monkeypatch: pytest.MonkeyPatch, opens: bool, said: str
) -> None:
    """A person without a browser on this machine opens the address in another."""
    monkeypatch.setattr(desk._pages, "open", lambda lesson: (ADDRESS, opens))
    desk._browse(desk._view)

    assert desk._view.note == f"{said} {ADDRESS}"


def test_no_browser_is_opened_inside_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no display, Python would start a browser for terminals over the screen of watch."""
    for name in site.DISPLAYS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(site.sys, "platform", "linux")
    without = site.has_display()
    monkeypatch.setenv("DISPLAY", ":0")

    assert (without, site.has_display()) == (False, True)


def test_each_state_of_a_lesson_has_its_mark_on_the_list(progress: Path) -> None:
    """The list of lessons marks what has passed and what is broken, in words too."""
    progress.write_text('[01_asgi_setup]\npassed_on = "x"\n\n[02_sync_echo]\npassed_on = "x"\nbroken = true\n')
    desk = KeyCommands(find("03"), Console(file=StringIO()))
    desk.answer("l")

    assert desk._view.page
    assert re.search(r"✓ 01 .* passed$", desk._view.page[0])
    assert re.search(r"✗ 02 .* broken$", desk._view.page[1])
    assert key_commands.lessons()[2].title in desk._view.page[2]


def test_p_plays_the_last_run(desk: KeyCommands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a run, p has nothing to play; after it, the run's page lies in a file, and where it lies is told."""
    monkeypatch.setattr("course.docs.wire_view.has_display", lambda: False)
    monkeypatch.setattr(key_commands, "open_wire", functools.partial(open_wire, folder=tmp_path))
    desk.answer("p")
    early = desk._view.note
    lesson = find("09")
    desk.show(Report(lesson.slug, lesson.title, f"lessons/{lesson.slug}", 2, ()))
    desk.answer("p")

    assert early == "Nothing has been checked yet, so there is nothing to play."
    assert desk._view.note == f"{NO_BROWSER} {(tmp_path / f'{lesson.slug}.html').as_uri()}"
    assert "</html>" in (tmp_path / f"{lesson.slug}.html").read_text(encoding="utf-8")
