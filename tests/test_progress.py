"""Progress is a readable file that nothing ever loses."""

from __future__ import annotations

import datetime
import errno
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from course.catalog.lessons import ROOT, find, lessons
from course.errors import CourseError
from course.student.effort import Effort, effort_of, note_check
from course.student.progress import MARKS, Progress, Standing, current_lesson, lesson_map, next_lesson, state_of
from course.testbed.deadlines import deadline_s

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


def test_what_a_later_version_has_written_is_kept(file: Path) -> None:
    """Values and keys that this version does not know survive a change, and say the same after it."""
    text = (
        'current = "02_sync_echo"\n[02_sync_echo]\nstars = 2\nmastered = [true, 1.5, "\\u0007 é"]\nat = 07:32:00\n'
        'deep = {a = {b = "c d"}, e = {}}\n\n[settings]\n"tea time" = 2026-01-02T03:04:05Z\n'
    )
    file.write_text(text, encoding="utf-8")

    Progress(file).record("02_sync_echo", passed=True)

    before, after = tomllib.loads(text), tomllib.loads(file.read_text(encoding="utf-8"))
    assert after["02_sync_echo"].items() >= before["02_sync_echo"].items()
    assert (after["current"], after["settings"]) == (before["current"], before["settings"])


def test_two_commands_at_once_lose_nothing(file: Path) -> None:
    """A screen that has been open all day writes its change into what others have written in the meantime."""
    screen = Progress(file)
    Progress(file).record("01_asgi_setup", passed=True)
    screen.record("02_sync_echo", passed=True)

    assert Progress(file).of("01_asgi_setup").passed_on
    assert screen.of("01_asgi_setup").passed_on


def test_changes_from_many_processes_are_all_there(file: Path) -> None:
    """Each of forty changes that four processes make together is in the file at the end."""
    program = (
        "import sys\nfrom pathlib import Path\nfrom course.student.progress import Progress\n"
        "for _ in range(10): Progress(Path(sys.argv[1])).tell_hint('02_sync_echo', 'test_x', 99)\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", program, str(file)], cwd=ROOT) for _ in range(4)]
    codes = [writer.wait(deadline_s(30)) for writer in writers]

    assert codes == [0, 0, 0, 0]
    assert Progress(file).of("02_sync_echo").hints == {"test_x": 40}


def test_a_file_that_cannot_be_written_is_told_and_stays(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk the verdict is still told: the progress says why it is not kept, and the file is what it was."""
    Progress(file).record("01_asgi_setup", passed=True)
    before = file.read_bytes()
    progress = Progress(file)

    def fill(*arguments: object, **options: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", fill)
    progress.record("02_sync_echo", passed=True)

    assert progress.trouble == f"Your progress can't be kept in {file}: No space left on device."
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["progress.toml"]


def test_the_time_between_two_checks_counts_and_a_pause_does_not() -> None:
    """A minute between checks is a minute's work, on the lesson that is checked then; an hour is a pause."""
    data: dict[str, Any] = {}
    begun = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=datetime.UTC)
    for slug, minute in (("01", 0), ("01", 1), ("02", 3), ("02", 63), ("02", 64)):
        note_check(data, slug, "", breaks=False, now=begun + datetime.timedelta(minutes=minute))

    assert effort_of(data["01"]) == Effort(spent_s=60, checks=2)
    assert effort_of(data["02"]) == Effort(spent_s=180, checks=3)


def test_what_broke_is_counted_and_named(file: Path) -> None:
    """A lesson that fails after its pass has broken once, however often it is checked then, and says what fails."""
    for passed in (False, True, False, False):
        Progress(file).record("02_sync_echo", passed, trouble="It answers.")
    broken = Progress(file).effort("02_sync_echo")
    Progress(file).record("02_sync_echo", passed=True)

    assert (broken.breaks, broken.trouble, broken.checks) == (1, "It answers.", 4)
    assert Progress(file).effort("02_sync_echo").trouble == ""


def test_a_date_written_by_hand_is_a_date(file: Path) -> None:
    """TOML's own dates are understood, and written back as text."""
    file.write_text("[02_sync_echo]\npassed_on = 2026-01-02\n")

    Progress(file).tell_hint("02_sync_echo", "test_x", most=3)

    assert tomllib.loads(file.read_text())["02_sync_echo"]["passed_on"] == "2026-01-02"


@pytest.mark.parametrize(
    "data",
    [b"[02_sync_echo\n", b"\xff\xfe", b"[a]\nhints = 3\n", b'[a]\nhints.x = "y"\n', b'[a]\nspent_s = "long"\n'],
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


def test_the_star_is_kept_with_its_day_and_shows_when_it_holds_no_longer(file: Path) -> None:
    """Own checks that fail after the star take it off the map, the pass stays, and a later star keeps its first day."""
    lesson = find("02")
    file.write_text('[02_sync_echo]\npassed_on = "2026-01-01"\nmastered_on = "2026-01-02"\n')
    states = []
    for passed, mastered in ((True, True), (True, False), (True, None), (False, None), (True, True)):
        Progress(file).record(lesson.slug, passed, mastered)
        states.append(state_of(Progress(file), lesson))

    assert states == ["mastered", "passed", "passed", "broken", "mastered"]
    assert Progress(file).of(lesson.slug) == Standing(passed_on="2026-01-01", mastered_on="2026-01-02")


def test_own_checks_that_did_not_run_say_nothing_of_the_star(file: Path) -> None:
    """The pass alone brings no star, and takes none."""
    Progress(file).record("02_sync_echo", passed=True)
    assert Progress(file).of("02_sync_echo").mastered_on == ""

    Progress(file).record("02_sync_echo", passed=True, mastered=True)
    Progress(file).record("02_sync_echo", passed=True)
    assert state_of(Progress(file), find("02")) == "mastered"


@pytest.mark.parametrize("state", ["passed", "mastered"])
def test_one_goes_on_without_the_star_and_with_it(file: Path, state: str) -> None:
    """The next lesson is the first that is not passed, and the map marks both states."""
    file.write_text(f'[01_asgi_setup]\npassed_on = "2026-01-01"\n{state}_on = "2026-01-01"\n'.replace(
        'passed_on = "2026-01-01"\npassed_on', "passed_on"
    ))  # fmt: skip
    progress = Progress(file)

    assert next_lesson(progress, find("01")) == find("02")
    assert next(line for _, line in lesson_map(progress)).startswith(f"{MARKS[state]} 01")
