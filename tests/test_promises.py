"""Every promise of a page is tried by a check, and every check tries a promise."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.catalog.checklist import checklist
from course.catalog.lessons import Lesson, lessons
from course.catalog.promises import promises
from course.errors import CourseError

LESSONS = [pytest.param(lesson, id=lesson.slug) for lesson in lessons()]


@pytest.mark.parametrize("lesson", LESSONS)
def test_each_promise_names_checks_that_exist(lesson: Lesson) -> None:
    """A promise is tried by checks of its own lesson, which are there."""
    known = {check.name for check in checklist(lesson)}

    assert [(promise.text, name) for promise in promises(lesson) for name in promise.checks if name not in known] == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_each_check_tries_a_promise(lesson: Lesson) -> None:
    """A check that tries nothing which the page promises has no place in the lesson."""
    tried = {name for promise in promises(lesson) for name in promise.checks}

    assert [check.name for check in checklist(lesson) if check.name not in tried] == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_promise_is_made_twice(lesson: Lesson) -> None:
    """Each sentence stands once, and ends as a sentence does."""
    texts = [promise.text for promise in promises(lesson)]

    assert len(texts) == len(set(texts))
    assert [text for text in texts if not text.endswith((".", "!", "?"))] == []


@pytest.mark.parametrize("text", ["[[promise]]\ntext = 'Tea.'", "[[promise]]\ntext = 'Tea.'\nchecks = []", "x ="])
def test_a_wrong_list_is_told(lesson_with: Path, text: str) -> None:
    """An entry without checks, and a file that is no TOML, are told with the file's name."""
    lesson = lessons(lesson_with)[0]
    (lesson.checks / "promises.toml").write_text(text)

    with pytest.raises(CourseError, match=r"promises\.toml"):
        promises(lesson)


@pytest.fixture
def lesson_with(tiny_lesson) -> Path:  # type: ignore[no-untyped-def]
    """Return the root of a course of one lesson."""
    return tiny_lesson("def test_it():\n    pass\n").root
