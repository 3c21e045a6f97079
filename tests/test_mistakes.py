"""The catalogue of mistakes: complete entries, and edits that can't miss."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.catalog.lessons import lessons
from course.catalog.mistakes import Edit, Mistake, find_mistake, mistakes
from course.errors import CourseError

ENTRY = """
[[mistake]]
name = "never-accepts"
symptom = "Silence."
cause = "Nothing accepts."
fix = "Accept."
caught_by = "test_x"
file = "echo/consumers.py"
old = "self.send"
new = "pass"
"""
CHECK = "def test_x():\n    pass\n"


def mistake(*edits: Edit) -> Mistake:
    return Mistake("late-tea", "cold", "late", "hurry", "test_x", edits)


def test_an_entry_is_read(tiny_lesson) -> None:
    """One entry becomes one mistake with one edit."""
    lesson = tiny_lesson(CHECK, ENTRY + 'number = 9\nsign = "dropped"\nrace = true\n')

    found = mistakes(lesson)

    assert found == (
        Mistake(
            name="never-accepts",
            symptom="Silence.",
            cause="Nothing accepts.",
            fix="Accept.",
            caught_by="test_x",
            edits=(Edit("echo/consumers.py", "self.send", "pass"),),
            number=9,
            race=True,
            sign="dropped",
        ),
    )


def test_a_mistake_may_have_several_edits(tiny_lesson) -> None:
    """`edits` stands in for file, old and new."""
    edits = 'edits = [{file = "a.py", old = "1", new = "2"}, {file = "b.py", old = "3", new = "4"}]\n'
    entry = "".join(line for line in ENTRY.splitlines(keepends=True) if not line.startswith(("file", "old", "new")))
    lesson = tiny_lesson(CHECK, entry + edits)

    assert mistakes(lesson)[0].edits == (Edit("a.py", "1", "2"), Edit("b.py", "3", "4"))


def test_a_lesson_without_a_catalogue_has_no_mistakes(tiny_lesson) -> None:
    """No mistakes.toml means no mistakes."""
    assert mistakes(tiny_lesson(CHECK)) == ()


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        (ENTRY.replace('fix = "Accept."', ""), "'never-accepts' has no 'fix'"),
        (ENTRY.replace("Nothing accepts.", "  "), "'never-accepts' has no 'cause'"),
        (ENTRY.replace('name = "never-accepts"', ""), "'?' has no 'name'"),
        (ENTRY.replace('old = "self.send"', ""), "an edit has 'file', 'old' and 'new'"),
        (ENTRY.replace('old = "self.send"', "old = 3"), "an edit has 'file', 'old' and 'new'"),
        (ENTRY + "edits = [3]\n", "an edit has 'file', 'old' and 'new'"),
        (ENTRY + 'sign = "("\n', "'sign' is no regular expression"),
        (ENTRY + "race = 1\n", "'race' is 1, and not of type bool"),
        (ENTRY + "rase = true\n", "'rase' is no key of an entry"),
        (ENTRY + ENTRY, "two mistakes are called 'never-accepts'"),
        (ENTRY.replace("[[mistake]]", "[mistake]"), "it holds [[mistake]] entries"),
        (ENTRY.replace("[[mistake]]", "[[mistakes]]"), "it holds [[mistake]] entries"),
        ("[[mistake", "is not valid TOML"),
    ],
)
def test_a_wrong_entry_is_told_with_its_file(tiny_lesson, toml: str, told: str) -> None:
    """What is wrong with an entry is told, with the file it stands in."""
    lesson = tiny_lesson(CHECK, toml)

    with pytest.raises(CourseError) as caught:
        mistakes(lesson)

    assert told in caught.value.message
    assert str(lesson.checks / "mistakes.toml") in caught.value.message


def test_a_mistake_is_made_in_a_project(tmp_path: Path) -> None:
    """Every edit replaces its text, wherever the file lies, and keeps the rest."""
    (tmp_path / "a.py").write_text("tea = 'grün'\ncup = 1\n", encoding="utf-8")

    mistake(Edit("a.py", "cup = 1", "cup = 2")).apply(tmp_path)

    assert (tmp_path / "a.py").read_text(encoding="utf-8") == "tea = 'grün'\ncup = 2\n"


@pytest.mark.parametrize(("text", "times"), [("tea tea", 2), ("coffee", 0), (None, 0)])
def test_an_edit_must_find_its_text_exactly_once(tmp_path: Path, text: str | None, times: int) -> None:
    """An old text that is not there, stands twice, or whose file is missing is the author's error, and clear."""
    if text is not None:
        (tmp_path / "a.py").write_text(text)

    with pytest.raises(CourseError, match=f"its old text stands {times} times in a.py"):
        mistake(Edit("a.py", "tea", "water")).apply(tmp_path)


def test_a_mistake_that_is_not_there_is_answered_with_those_that_are(tiny_lesson) -> None:
    """A wrong name of a mistake is answered with the right ones."""
    with pytest.raises(CourseError) as caught:
        find_mistake(tiny_lesson(CHECK, ENTRY), "never-closes")

    assert caught.value.hint == "It has: never-accepts."


@pytest.mark.parametrize("lesson", [pytest.param(lesson, id=lesson.slug) for lesson in lessons()])
def test_the_real_catalogues_can_be_read(lesson) -> None:
    """Every lesson has a catalogue, and each edit names a file that the student edits or is handed."""
    known = mistakes(lesson)
    files = {edit.file for mistake in known for edit in mistake.edits}

    assert known
    assert [
        file for file in files if not (lesson.solution / file).exists() and not (lesson.starter / file).exists()
    ] == []
