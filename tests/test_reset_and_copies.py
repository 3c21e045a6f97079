"""Nothing of a student's is overwritten without a copy."""

from __future__ import annotations

import datetime
import errno
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from course.catalog.lessons import Lesson
from course.errors import CourseError
from course.project.scratch_copy import files_of
from course.student import reset_and_copies as student

NOW = datetime.datetime(2026, 11, 20, 4, 30, 15)

AS_ANA = ("-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-c", "commit.gpgsign=false")


@pytest.fixture
def lesson(clone) -> Lesson:
    clone.commit()
    return clone.lesson()


def contents(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files_of(folder)}


def git(lesson: Lesson, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=lesson.root, check=True, capture_output=True)


def test_reset_puts_the_starter_back(lesson: Lesson) -> None:
    """Files that were changed or deleted are the course's again, and strangers are gone."""
    starter = contents(lesson.starter)
    (lesson.starter / "echo/consumers.py").write_text("mine")
    (lesson.starter / "echo/routing.py").unlink()
    (lesson.starter / "echo/extra").mkdir()
    (lesson.starter / "echo/extra/notes.py").write_text("mine too")

    student.reset(lesson.slug, lesson.root)

    assert contents(lesson.starter) == starter


def test_reset_keeps_a_dated_copy(lesson: Lesson) -> None:
    """All that was in the lesson is in the copy, whose name tells lesson and day."""
    (lesson.starter / "echo/consumers.py").write_text("mine")
    (lesson.starter / "notes.txt").write_text("mine too")
    before = contents(lesson.starter)

    copy = student.reset(lesson.slug, lesson.root)

    assert contents(copy) == before
    assert copy.name.startswith(f"02_sync_echo_{datetime.date.today()}_")


def test_reset_removes_what_was_only_added_to_git(lesson: Lesson) -> None:
    """A stranger that was `git add`ed, but is not the course's, goes too."""
    (lesson.starter / "notes.py").write_text("mine")
    git(lesson, "add", "lessons/02_sync_echo/notes.py")

    student.reset(lesson.slug, lesson.root)

    assert not (lesson.starter / "notes.py").exists()


def test_reset_leaves_other_lessons_and_the_database_alone(lesson: Lesson) -> None:
    """Only the named lesson is put back, and its db.sqlite3 stays."""
    other = lesson.root / "lessons/01_asgi_setup/config/asgi.py"
    other.write_text("mine")
    (lesson.starter / "db.sqlite3").write_text("rows")

    student.reset(lesson.slug, lesson.root)

    assert other.read_text() == "mine"
    assert (lesson.starter / "db.sqlite3").read_text() == "rows"


def test_reset_outside_git_touches_nothing(clone) -> None:
    """Where git does not know what was changed, there is a fact and a way out, and every file is as it was."""
    lesson = clone.lesson()
    (lesson.starter / "echo/consumers.py").write_text("mine")
    before = contents(lesson.starter)

    with pytest.raises(CourseError, match="can't be restored: git cat-file failed") as caught:
        student.reset(lesson.slug, lesson.root)

    assert "fresh clone" in caught.value.hint
    assert contents(lesson.starter) == before


def test_reset_in_a_repository_without_the_starter_touches_nothing(clone) -> None:
    """Where only the student's version was ever committed, the file that is lost is named."""
    lesson = clone.lesson()
    (lesson.starter / "echo/consumers.py").write_text("mine")
    clone.commit()

    with pytest.raises(CourseError, match=re.escape("git does not hold echo/consumers.py")):
        student.reset(lesson.slug, lesson.root)

    assert (lesson.starter / "echo/consumers.py").read_text() == "mine"


def test_reset_without_git_installed_touches_nothing(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where git is not on the PATH, the message says so, and every file is as it was."""
    (lesson.starter / "echo/consumers.py").write_text("mine")
    monkeypatch.setenv("PATH", "")

    with pytest.raises(CourseError, match="git is not on the PATH"):
        student.reset(lesson.slug, lesson.root)

    assert (lesson.starter / "echo/consumers.py").read_text() == "mine"


@pytest.mark.parametrize("how", ["commit", "shallow", "squash", "delete", "delete and commit"])
def test_reset_puts_the_starter_back_whatever_was_committed(lesson: Lesson, tmp_path: Path, how: str) -> None:
    """The student's own commits are not the starter, and a folder that is gone comes back, in a shallow clone too."""
    starter = contents(lesson.starter)
    if how == "shallow":
        copied = tmp_path / "shallow"
        git(lesson, "clone", "-q", "--depth=1", f"file://{lesson.root}", str(copied))
        lesson = replace(lesson, root=copied)
    (lesson.starter / "echo/consumers.py").write_text("mine")
    (lesson.starter / "notes.py").write_text("mine too")
    if "delete" in how:
        shutil.rmtree(lesson.starter)
    if how == "squash":
        git(lesson, "checkout", "-q", "--orphan", "squashed")
    if how != "delete":
        git(lesson, "add", "-A")
        git(lesson, *AS_ANA, "commit", "-q", "-m", "My work")

    student.reset(lesson.slug, lesson.root)

    assert contents(lesson.starter) == starter


def test_reset_of_a_lesson_whose_description_is_damaged(clone) -> None:
    """A lesson.toml that can't be read names the command that puts it back, and that command works."""
    clone.commit()
    (clone.lesson().starter / "lesson.toml").write_bytes(b"title = \xff\n")
    refused = clone.run("list")
    outcome = clone.run("reset", "02")

    assert refused.code == 2
    assert "course reset 02" in refused.errors
    assert outcome.code == 0
    assert clone.run("list").code == 0


def test_a_lesson_that_was_moved_away_is_still_a_lesson(clone) -> None:
    """The map shows it, `check` names the command that puts it back, and other lessons are checked as before."""
    clone.commit()
    shutil.rmtree(clone.lesson().starter)
    listing, refused = clone.run("list"), clone.run("check", "02")
    other = clone.run("check", "01", "--solution")
    outcome = clone.run("reset", "02")

    assert "02_sync_echo" in listing.output
    assert refused.code == 2
    assert "course reset 02" in refused.errors
    assert other.code == 0
    assert "Your files are in .course/copies/02_sync_echo_" in outcome.output
    assert clone.lesson().starter.is_dir()


def test_a_folder_that_was_copied_to_keep_it_is_no_lesson(clone) -> None:
    """A copy that the student has made beside a lesson takes no number away from it."""
    shutil.copytree(clone.lesson().starter, clone.root / "lessons/02_sync_echo_mine")
    outcome = clone.run("list")

    assert outcome.code == 0
    assert "02_sync_echo_mine" not in outcome.output


@pytest.mark.parametrize("do", ["reset", "apply"])
@pytest.mark.parametrize("link", ["echo", "echo/consumers.py"])
def test_a_link_that_leads_out_is_replaced_and_what_it_leads_to_is_not_touched(
    lesson: Lesson, tmp_path: Path, do: str, link: str
) -> None:
    """The course writes into the lesson; the student's file elsewhere keeps its content, and the copy its link."""
    elsewhere = tmp_path / "elsewhere"
    shutil.move(lesson.starter / link, elsewhere)
    mine = elsewhere if elsewhere.is_file() else elsewhere / "consumers.py"
    mine.write_text("mine")
    (lesson.starter / link).symlink_to(os.path.relpath(elsewhere, (lesson.starter / link).parent))

    copy = student.reset(lesson.slug, lesson.root) if do == "reset" else student.apply_solution(lesson)

    assert mine.read_text() == "mine"
    assert not (lesson.starter / link).is_symlink()
    assert "EchoConsumer" in (lesson.starter / "echo/consumers.py").read_text()
    assert (copy / student.MOVED / link).samefile(elsewhere)


def test_a_file_with_a_second_name_elsewhere_keeps_its_content_there(lesson: Lesson, tmp_path: Path) -> None:
    """A hard link is not written through either."""
    mine = lesson.starter / "echo/consumers.py"
    mine.write_text("mine")
    (tmp_path / "second.py").hardlink_to(mine)

    student.apply_solution(lesson)

    assert (tmp_path / "second.py").read_text() == "mine"


def test_what_stands_in_the_way_is_moved_into_the_copy(lesson: Lesson) -> None:
    """A folder where a file has to be, a file where a folder has to be, and a loop of links are kept too."""
    starter = contents(lesson.starter)
    mine = lesson.starter / "echo/consumers.py"
    mine.unlink()
    (mine / ".venv").mkdir(parents=True)
    (mine / ".venv/notes.txt").write_text("mine")
    shutil.rmtree(lesson.starter / "config")
    (lesson.starter / "config").write_text("mine too")
    (lesson.starter / "manage.py").unlink()
    (lesson.starter / "manage.py").symlink_to("manage.py")

    copy = student.reset(lesson.slug, lesson.root)

    assert contents(lesson.starter) == starter
    assert (copy / student.MOVED / "echo/consumers.py/.venv/notes.txt").read_text() == "mine"
    assert (copy / student.MOVED / "config").read_text() == "mine too"


def test_what_stops_a_reset_says_where_the_copy_is(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    """After Ctrl-C in the middle, the copy and the command that finishes it are named, and no file is half written."""
    mine = lesson.starter / "echo/consumers.py"
    mine.write_text("mine")

    def interrupt(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(student, "_clear", interrupt)
    with pytest.raises(CourseError, match="interrupted") as caught:
        student.reset(lesson.slug, lesson.root)

    copy = Path(re.findall(r"Your files are in (.+)", caught.value.hint)[0])
    assert (copy / "echo/consumers.py").read_text() == "mine"
    assert "python3 course reset 02" in caught.value.hint
    assert mine.read_text() == "mine"


def test_half_a_copy_is_none(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the copy can't be made, nothing is changed and no half of it stays."""
    before = contents(lesson.starter)

    def fill_the_disk(*arguments: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(student, "copy_tree", fill_the_disk)
    with pytest.raises(OSError, match="No space left"):
        student.apply_solution(lesson)

    assert contents(lesson.starter) == before
    assert list((lesson.root / ".course/copies").iterdir()) == []


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
        names.append(student.keep_copy(student.Work.of(lesson), NOW))

    assert [path.name for path in names] == [f"02_sync_echo_2026-11-20_04-30-15{end}" for end in ("", "_2", "_3")]
    assert [(path / "echo/consumers.py").read_text() for path in names] == ["mine 0", "mine 1", "mine 2"]


def test_a_copy_is_made_of_an_emptied_lesson(lesson: Lesson) -> None:
    """A lesson whose files are all gone can still be reset."""
    shutil.rmtree(lesson.starter)
    lesson.starter.mkdir()

    copy = student.reset(lesson.slug, lesson.root)

    assert contents(copy) == {}
    assert (lesson.starter / "manage.py").exists()
