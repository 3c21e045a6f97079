"""Nothing of a student's is overwritten without a copy."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from course.catalog.lessons import Lesson
from course.errors import CourseError
from course.project.scratch_copy import files_of
from course.student import reset_and_copies as student

NOW = datetime.datetime(2026, 11, 20, 4, 30, 15)


@pytest.fixture
def lesson(clone) -> Lesson:
    clone.commit()
    return clone.lesson()


def contents(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files_of(folder)}


def test_reset_puts_the_starter_back(lesson: Lesson) -> None:
    """Files that were changed or deleted are the course's again, and strangers are gone."""
    starter = contents(lesson.starter)
    (lesson.starter / "echo/consumers.py").write_text("mine")
    (lesson.starter / "echo/routing.py").unlink()
    (lesson.starter / "echo/extra").mkdir()
    (lesson.starter / "echo/extra/notes.py").write_text("mine too")

    student.reset(lesson)

    assert contents(lesson.starter) == starter


def test_reset_keeps_a_dated_copy(lesson: Lesson) -> None:
    """All that was in the lesson is in the copy, whose name tells lesson and day."""
    (lesson.starter / "echo/consumers.py").write_text("mine")
    (lesson.starter / "notes.txt").write_text("mine too")
    before = contents(lesson.starter)

    copy = student.reset(lesson)

    assert contents(copy) == before
    assert copy.name.startswith(f"02_sync_echo_{datetime.date.today()}_")


def test_reset_removes_what_was_only_added_to_git(lesson: Lesson) -> None:
    """A stranger that was `git add`ed, but is not the course's, goes too."""
    (lesson.starter / "notes.py").write_text("mine")
    student._git(lesson, "add", "lessons/02_sync_echo/notes.py")

    student.reset(lesson)

    assert not (lesson.starter / "notes.py").exists()


def test_reset_leaves_other_lessons_and_the_database_alone(lesson: Lesson) -> None:
    """Only the named lesson is put back, and its db.sqlite3 stays."""
    other = lesson.root / "lessons/01_asgi_setup/config/asgi.py"
    other.write_text("mine")
    (lesson.starter / "db.sqlite3").write_text("rows")

    student.reset(lesson)

    assert other.read_text() == "mine"
    assert (lesson.starter / "db.sqlite3").read_text() == "rows"


def test_reset_outside_git_touches_nothing(clone) -> None:
    """Without git there is no starter to put back: a clear error, and every file as it was."""
    lesson = clone.lesson()
    (lesson.starter / "echo/consumers.py").write_text("mine")
    before = contents(lesson.starter)

    with pytest.raises(CourseError, match="git ls-tree failed"):
        student.reset(lesson)

    assert contents(lesson.starter) == before


def test_reset_without_git_installed_touches_nothing(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where git is not on the PATH, the message says so, and every file is as it was."""
    (lesson.starter / "echo/consumers.py").write_text("mine")
    monkeypatch.setenv("PATH", "")

    with pytest.raises(CourseError, match="git is not on the PATH"):
        student.reset(lesson)

    assert (lesson.starter / "echo/consumers.py").read_text() == "mine"


def test_the_solution_is_laid_over_without_its_marks(lesson: Lesson) -> None:
    """The student's files become the solution's, without the marks of the docs."""
    student.apply_solution(lesson)

    told = (lesson.starter / "echo/consumers.py").read_text()
    assert "StopConsumer" in told
    assert "--8<--" not in told


def test_applying_the_solution_keeps_a_copy(lesson: Lesson) -> None:
    """What the student had written is in the copy, and what is not in the solution stays."""
    (lesson.starter / "echo/consumers.py").write_text("mine")
    (lesson.starter / "notes.txt").write_text("mine too")

    copy = student.apply_solution(lesson)

    assert (copy / "echo/consumers.py").read_text() == "mine"
    assert (lesson.starter / "notes.txt").read_text() == "mine too"


def test_two_copies_in_the_same_second_do_not_collide(lesson: Lesson) -> None:
    """Each copy has a folder of its own, also within one second."""
    names = []
    for number in range(3):
        (lesson.starter / "echo/consumers.py").write_text(f"mine {number}")
        names.append(student.keep_copy(lesson, NOW))

    assert [path.name for path in names] == [f"02_sync_echo_2026-11-20_04-30-15{end}" for end in ("", "_2", "_3")]
    assert [(path / "echo/consumers.py").read_text() for path in names] == ["mine 0", "mine 1", "mine 2"]


def test_a_copy_is_made_of_an_emptied_lesson(lesson: Lesson) -> None:
    """A lesson whose files are all gone can still be reset."""
    shutil.rmtree(lesson.starter)
    lesson.starter.mkdir()

    copy = student.reset(lesson)

    assert contents(copy) == {}
    assert (lesson.starter / "manage.py").exists()
