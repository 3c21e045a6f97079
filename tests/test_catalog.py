"""Lessons are found by whatever a person calls them, and a wrong lesson.toml is told with its file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.catalog.lessons import FOLDER, ROOT, find, lesson_of, lessons
from course.errors import CourseError, LessonNotFound

TOML = 'title = "Tea"\nsummary = "Two rooms."\nminutes = 10\nedit = ["a.py"]\n'
THREE = {"01_tea": TOML, "02_sync_echo": TOML, "03_sync_chat": TOML}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    for slug, toml in THREE.items():
        write(tmp_path, slug, toml)
    return tmp_path


def write(root: Path, slug: str, toml: str) -> None:
    (root / "lessons" / slug).mkdir(parents=True, exist_ok=True)
    (root / "lessons" / slug / "lesson.toml").write_text(toml, encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    ["02", "2", "02_sync_echo", "sync_echo", "02_s", "sync_e", "SYNC_ECHO", "lessons/02_sync_echo/", "./02_sync_echo"],
)
def test_a_lesson_is_found_by(course: Path, name: str) -> None:
    """A number, a slug, the beginning of either, and a path to the folder all name the lesson."""
    found = find(name, course)

    assert found.slug == "02_sync_echo"


def test_a_full_slug_wins_over_a_longer_one(course: Path) -> None:
    """A name that is one lesson's slug and the beginning of another's means the first."""
    write(course, "04_sync", TOML)

    assert find("sync", course).slug == "04_sync"


def test_a_name_that_fits_two_lessons_is_refused_with_both(course: Path) -> None:
    """An ambiguous beginning names its lessons."""
    with pytest.raises(LessonNotFound) as caught:
        find("sync", course)

    assert caught.value.message == "'sync' could be 02_sync_echo or 03_sync_chat."


@pytest.mark.parametrize(
    ("wrong", "meant"), [("02_snyc_echo", "02_sync_echo"), ("teh", "01_tea"), ("sync-chat", "03_sync_chat")]
)
def test_a_misspelt_name_gets_the_nearest(course: Path, wrong: str, meant: str) -> None:
    """A wrong name is answered with the right one that is nearest."""
    with pytest.raises(LessonNotFound) as caught:
        find(wrong, course)

    assert meant in caught.value.hint


@pytest.mark.parametrize("name", ["", ".", "/", "99", "🍵", "-1", "0"])
def test_a_name_like_nothing_gets_some_lesson(course: Path, name: str) -> None:
    """A name that is like no lesson at all is still answered with names that exist."""
    with pytest.raises(LessonNotFound) as caught:
        find(name, course)

    assert any(slug in caught.value.hint for slug in THREE)


@pytest.mark.parametrize(
    ("toml", "key"),
    [
        (TOML.replace("title", "titel"), "title"),
        (TOML.replace("10", '"10"'), "minutes"),
        (TOML.replace("10", "true"), "minutes"),
        (TOML.replace('["a.py"]', '"a.py"'), "edit"),
        (TOML.replace('["a.py"]', "[1]"), "edit"),
        (TOML + 'needs = ["coffee"]\n', "needs"),
        (TOML + 'needs = [["redis"]]\n', "needs"),
        (TOML + "continues = 5\n", "continues"),
        (TOML + 'server = "no"\n', "server"),
        (TOML + "colour = 5\n", "colour"),
    ],
)
def test_a_wrong_lesson_toml_is_told_with_file_and_key(tmp_path: Path, toml: str, key: str) -> None:
    """A key that is missing, unknown or of the wrong kind is named, and so is its file."""
    write(tmp_path, "01_tea", toml)

    with pytest.raises(CourseError) as caught:
        lessons(tmp_path)

    assert str(tmp_path / "lessons" / "01_tea" / "lesson.toml") in caught.value.message
    assert f"'{key}'" in caught.value.message


@pytest.mark.parametrize("data", [b"title = ", b"title = '\xff'", b"\x00"])
def test_a_lesson_toml_that_is_no_toml_is_told(tmp_path: Path, data: bytes) -> None:
    """Bytes that are no TOML, or no UTF-8, are a clear error too."""
    write(tmp_path, "01_tea", "")
    (tmp_path / "lessons/01_tea/lesson.toml").write_bytes(data)

    with pytest.raises(CourseError, match=r"lesson\.toml is not valid TOML"):
        lessons(tmp_path)


def test_a_missing_lesson_toml_is_restored_alone(tmp_path: Path) -> None:
    """The remedy for a missing lesson.toml of a lesson that git does not know touches nothing of the student's."""
    (tmp_path / "lessons" / "01_tea").mkdir(parents=True)

    with pytest.raises(CourseError) as caught:
        lessons(tmp_path)

    assert "lessons/01_tea/lesson.toml is missing" in caught.value.message
    assert caught.value.hint == "Copy lessons/01_tea from a fresh clone of the course: git clone <its address> fresh"


def test_other_things_in_lessons_are_no_lessons(course: Path) -> None:
    """A file, a hidden folder and a folder without a number are passed over."""
    (course / "lessons" / "05_notes").write_text("a file")
    (course / "lessons" / ".git").mkdir()
    (course / "lessons" / "scratch").mkdir()

    assert [lesson.slug for lesson in lessons(course)] == list(THREE)


def test_the_lesson_of_a_folder(course: Path) -> None:
    """A folder inside a starter belongs to its lesson; any other to none."""
    inside = course / "lessons" / "01_tea" / "config"
    inside.mkdir()

    assert lesson_of(inside, course) == find("01", course)
    assert lesson_of(course / "lessons", course) is None


def test_the_lessons_of_the_course_are_complete() -> None:
    """Every lesson has its starter, solution and checks under one name, and no two share a number."""
    known = lessons()
    folders = {
        tree: {path.name for path in (ROOT / tree).glob("[0-9]*")} for tree in ("lessons", "solutions", "checks")
    }

    assert len({lesson.number for lesson in known}) == len(known)
    assert all(FOLDER.fullmatch(lesson.slug) for lesson in known)
    assert folders["lessons"] == folders["solutions"] == folders["checks"]
