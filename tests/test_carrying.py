"""What a student wrote in one lesson goes on into a later one, and nothing there is lost."""

from __future__ import annotations

import pytest

from course.student import carrying
from course.student.reset_and_copies import solution_files
from tests.conftest import Clone

CONSUMER, ROUTES = "chat/consumers.py", "chat/routing.py"


@pytest.fixture
def course(clone: Clone) -> Clone:
    """Return a course whose student has solved 07 in words of their own."""
    clone.commit()
    seven = clone.lesson("07")
    for path, text in solution_files(seven, own=True).items():
        (seven.starter / path).write_text(f"# mine\n{text}")
    (seven.starter / "chat/words.py").write_text("HELLO = 'hello'\n")
    return clone


def outcomes(course: Clone, earlier: str, later: str) -> dict[str, str]:
    return {file.path: file.why for file in carrying.plan(course.lesson(earlier), course.lesson(later))}


def test_what_the_next_lesson_begins_with_is_carried(course: Clone) -> None:
    """Changed files and new ones are in 08 as the student wrote them; a copy has what was there before."""
    eight = course.lesson("08")
    before = (eight.starter / CONSUMER).read_text()
    told = course.run("carry", "07", "08")

    assert told.code == 0, told.errors
    assert (eight.starter / CONSUMER).read_text().startswith("# mine\n")
    assert (eight.starter / "chat/words.py").read_text() == "HELLO = 'hello'\n"
    (copy,) = (course.root / ".course" / "copies").iterdir()
    assert (copy / CONSUMER).read_text() == before
    assert not (copy / "chat/words.py").exists()
    assert "+# mine" in told.output
    assert f"carried  {CONSUMER}" in told.output
    assert copy.name in told.output


def test_a_second_time_there_is_nothing_to_carry(course: Clone) -> None:
    """What is there already as the student wrote it is left alone, and no copy is made."""
    course.run("carry", "07", "08")
    told = course.run("carry", "07", "08")

    assert told.code == 0
    assert "Nothing of lesson 07" in told.output
    assert len(list((course.root / ".course" / "copies").iterdir())) == 1


def test_what_was_begun_in_the_later_lesson_stays(course: Clone) -> None:
    """A file that the student has changed there is not replaced, nor is a file of the same new name."""
    eight = course.lesson("08")
    (eight.starter / CONSUMER).write_text("begun")
    (eight.starter / "chat/words.py").write_text("begun")
    told = course.run("carry", "07", "08")

    assert f"stays    {CONSUMER}: you have changed it there" in told.output
    assert f"carried  {ROUTES}" in told.output
    assert (eight.starter / CONSUMER).read_text() == "begun"
    assert (eight.starter / "chat/words.py").read_text() == "begun"


def test_where_the_later_lesson_ships_more_its_file_stays(course: Clone) -> None:
    """Lesson 11 begins with another consumer than 10 ends with, so the student's cannot take its place."""
    ten = course.lesson("10")
    (ten.starter / CONSUMER).write_text("mine")

    assert outcomes(course, "10", "11") == {CONSUMER: "the later lesson ships more in it"}
    assert outcomes(course, "10", "12") == {CONSUMER: "carried"}


def test_an_untouched_lesson_has_nothing_to_carry(course: Clone) -> None:
    """What the course itself wrote, lesson.toml and a database are no work of the student's."""
    nine = course.lesson("09")
    (nine.starter / "db.sqlite3").write_text("data")
    (nine.starter / "lesson.toml").write_text((nine.starter / "lesson.toml").read_text() + "\n")

    assert outcomes(course, "09", "10") == {}


@pytest.mark.parametrize("names", [("08", "07"), ("08", "08")])
def test_lessons_are_named_in_their_order(course: Clone, names: tuple[str, str]) -> None:
    """The other way round it is misuse, and nothing is written."""
    told = course.run("carry", *names)

    assert told.code == 2
    assert "Name the earlier lesson first." in told.errors
    assert not (course.root / ".course" / "copies").exists()
