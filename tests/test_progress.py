"""Progress is a readable file that nothing ever loses."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path

import pytest

from course.catalog.lessons import find, lessons
from course.errors import CourseError
from course.student.progress import Progress, Standing, current_lesson, next_lesson

TODAY = str(datetime.date.today())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "progress.toml"


def test_without_a_file_nothing_has_been_done(file: Path) -> None:
    """No file is an empty progress, and looking at it writes none."""
    standing = Progress(file).of("02_sync_echo")

    assert standing == Standing()
    assert not file.exists()


def test_a_pass_is_written_with_its_date(file: Path) -> None:
    """The day of the first pass is there for the next start."""
    Progress(file).record("02_sync_echo", passed=True)

    assert Progress(file).of("02_sync_echo") == Standing(passed_on=TODAY)


def test_a_failure_before_any_pass_writes_nothing(file: Path) -> None:
    """A lesson that fails because it is not done yet is not broken."""
    Progress(file).record("02_sync_echo", passed=False)

    assert Progress(file).of("02_sync_echo") == Standing()


def test_a_failure_after_a_pass_is_broken_until_it_passes_again(file: Path) -> None:
    """A lesson that passed and fails keeps its date and is broken; passing again mends it."""
    file.write_text('[02_sync_echo]\npassed_on = "2026-01-02"\n')
    Progress(file).record("02_sync_echo", passed=False)
    broken = Progress(file).of("02_sync_echo")
    Progress(file).record("02_sync_echo", passed=True)

    assert broken == Standing(passed_on="2026-01-02", broken=True)
    assert Progress(file).of("02_sync_echo") == Standing(passed_on="2026-01-02")


def test_hints_are_counted_up_to_the_last(file: Path) -> None:
    """Each request tells one hint more, and never more than there are."""
    told = [Progress(file).tell_hint("02_sync_echo", "test_x", most=3) for _ in range(5)]

    assert told == [1, 2, 3, 3, 3]


def test_lessons_that_this_version_does_not_know_are_kept(file: Path) -> None:
    """Entries of a lesson that was renamed or comes later survive a change, whatever they are called."""
    file.write_text(
        '["old lesson é"]\npassed_on = "2025-01-01"\nhints."test[a b]" = 2\n\n[99_later]\nbroken = true\n',
        encoding="utf-8",
    )

    Progress(file).record("02_sync_echo", passed=True)

    after = Progress(file)
    assert after.of("old lesson é") == Standing(passed_on="2025-01-01", hints={"test[a b]": 2})
    assert after.of("99_later") == Standing(broken=True)
    assert after.of("02_sync_echo").passed_on == TODAY


def test_a_date_written_by_hand_is_a_date(file: Path) -> None:
    """TOML's own dates are understood, and written back as text."""
    file.write_text("[02_sync_echo]\npassed_on = 2026-01-02\n")

    Progress(file).tell_hint("02_sync_echo", "test_x", most=3)

    assert tomllib.loads(file.read_text())["02_sync_echo"]["passed_on"] == "2026-01-02"


@pytest.mark.parametrize(
    "data",
    [b"[02_sync_echo\n", b"\xff\xfe", b"x = 1\n", b"[a]\ncolour = 1\n", b"[a]\nhints = 3\n", b'[a]\nhints.x = "y"\n'],
)
def test_a_file_that_cannot_be_read_is_told_and_left_alone(file: Path, data: bytes) -> None:
    """An unreadable file is a clear error with a remedy, and keeps every byte."""
    file.write_bytes(data)

    with pytest.raises(CourseError) as caught:
        Progress(file)

    assert str(file) in caught.value.message
    assert "move it away" in caught.value.hint
    assert file.read_bytes() == data


def test_two_commands_that_run_together_lose_nothing(file: Path) -> None:
    """What another command has written since this one began is kept."""
    one, other = Progress(file), Progress(file)
    one.record("02_sync_echo", passed=True)
    other.tell_hint("03_async_echo", "test_x", most=3)

    assert Progress(file).of("02_sync_echo").passed_on == TODAY
    assert Progress(file).of("03_async_echo").hints == {"test_x": 1}


def passed(file: Path, *numbers: str) -> Progress:
    for number in numbers:
        Progress(file).record(find(number).slug, passed=True)
    return Progress(file)


def test_after_a_lesson_comes_the_next_that_is_not_passed(file: Path) -> None:
    """After 09 comes 10, or 11 where 10 has passed; what was left out comes once all that follow have passed."""
    assert next_lesson(passed(file, "09"), find("09")) == find("10")
    assert next_lesson(passed(file, "10"), find("09")) == find("11")
    later = [lesson.number for lesson in lessons() if lesson.number > "10"]
    assert next_lesson(passed(file, *later), find("09")) == find("01")
    assert next_lesson(passed(file, *(lesson.number for lesson in lessons())), find("09")) is None


def test_the_lesson_that_was_worked_on_last_goes_on(file: Path) -> None:
    """A start goes on with the last lesson until it passes, and then with the next one; a newcomer begins at 01."""
    newcomer = current_lesson(Progress(file))
    Progress(file).work_on("09_chat_sync")
    after = current_lesson(Progress(file))

    assert (newcomer, after) == (find("01"), find("09"))
    assert current_lesson(passed(file, "09")) == find("10")
    assert tomllib.loads(file.read_text())["current"] == "09_chat_sync"


def test_a_current_lesson_that_is_no_name_is_told(file: Path) -> None:
    """What no version of the course has written is left alone."""
    file.write_text("current = 2\n")

    with pytest.raises(CourseError, match="current is not the name of a lesson"):
        Progress(file)


def test_a_lesson_that_is_gone_is_nobodys_current_one(file: Path) -> None:
    """Where an older version of the course has named the last lesson, the first to do comes."""
    file.write_text('current = "99_later"\n')

    assert current_lesson(Progress(file)) == find("01")


def test_the_file_says_what_it_is(file: Path) -> None:
    """A person who opens the file is told that it is theirs, and no draft stays beside it."""
    Progress(file).record("02_sync_echo", passed=True)

    assert file.read_text().startswith("# Your progress")
    assert [path.name for path in file.parent.iterdir()] == ["progress.toml"]
