"""A check's docstring is the one source of its name and its hints."""

from __future__ import annotations

import pytest

from course.catalog.checklist import Check, checklist, find_check, split_docstring
from course.catalog.lessons import lessons
from course.errors import CourseError

CHECKS = '''
import pytest

HELPER = 1


@pytest.mark.given
@pytest.mark.own
@pytest.mark.points(3)
def test_the_door(connect):
    """The door opens.

    1. Look at the door,
       then at the key.
    2. Turn the
       key.
    3. key.turn()
    """


@pytest.mark.slow
def test_without_words():
    pass


def helper():
    pass
'''


def test_a_docstring_is_split_and_folded() -> None:
    """The first line is the title; each numbered line, with what follows it, is one hint of one line."""
    title, hints = split_docstring("  The title.\n\n    1. First,\n       folded.\n    2. Second: 3. is no hint.\n")

    assert title == "The title."
    assert hints == ("First, folded.", "Second: 3. is no hint.")


def test_a_docstring_without_hints_has_none() -> None:
    """One line alone is a title, and prose below it is no hint."""
    assert split_docstring("Alone.") == ("Alone.", ())
    assert split_docstring("Alone.\n\nSome prose.") == ("Alone.", ())


def test_checks_are_read_without_running_them(tiny_lesson) -> None:
    """Names, titles, hints, points and marks come from the source, in its order."""
    lesson = tiny_lesson(CHECKS)

    assert checklist(lesson) == (
        Check(
            "test_the_door",
            "The door opens.",
            ("Look at the door, then at the key.", "Turn the key.", "key.turn()"),
            3,
            True,
            group="own",
        ),
        Check("test_without_words", "test without words", (), slow=True, number=2),
    )


def test_a_check_that_is_not_there_is_answered_with_those_that_are(tiny_lesson) -> None:
    """A wrong name of a check is answered with the right ones."""
    with pytest.raises(CourseError) as caught:
        find_check(tiny_lesson(CHECKS), "test_the_window")

    assert caught.value.hint == "It has 1 to 2: test_the_door, test_without_words."


EVERY_CHECK = [pytest.param(check, id=f"{le.number}-{check.name}") for le in lessons() for check in checklist(le)]


@pytest.mark.parametrize("check", EVERY_CHECK)
def test_each_real_check_has_a_title_and_three_hints(check: Check) -> None:
    """A student finds a sentence for a name, and three hints, at every check of the course."""
    assert check.title.endswith(".")
    assert len(check.hints) == 3
    assert all(check.hints)


@pytest.mark.parametrize("lesson", [pytest.param(lesson, id=lesson.slug) for lesson in lessons()])
def test_each_lesson_names_its_checks_once(lesson) -> None:
    """No two checks of a lesson share a name or a title."""
    checks = checklist(lesson)

    assert len({check.name for check in checks}) == len(checks)
    assert len({check.title for check in checks}) == len(checks)
