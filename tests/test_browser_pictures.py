"""Pictures of a lesson's page, as the docs show them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageSequence

from course.authoring.pages import browser_pictures as screenshots
from course.authoring.pages.moving_pictures import of_conversation
from course.authoring.pages.same_picture import kept
from course.catalog.lessons import find
from course.catalog.mistakes import find_mistake

LESSON = find("06")
PNG = b"\x89PNG\r\n"
MOST_BYTES = 300_000
MOST_MS = 5000  # what moves for longer needs a button to stop it


def test_two_pictures_of_one_page_are_the_same(tmp_path: Path) -> None:
    """Nothing in a picture depends on the moment, so that a refresh changes what has changed and nothing else."""
    stored = tmp_path / "page.png"
    stored.write_bytes(first := screenshots.of_page(LESSON))

    assert first.startswith(PNG)
    assert kept(stored, screenshots.of_page(LESSON)) == first


def test_a_picture_that_looks_otherwise_is_another(tmp_path: Path) -> None:
    """A letter more, or another size, is a difference; one of 255 steps is none."""
    stored = tmp_path / "page.png"
    stored.write_bytes(png((100, 80), (9, 9, 9)))

    assert kept(stored, png((100, 80), (10, 9, 9))) == stored.read_bytes()
    assert kept(stored, changed := png((100, 80), (200, 9, 9))) == changed
    assert kept(stored, larger := png((100, 90), (9, 9, 9))) == larger


def test_a_failing_check_leaves_its_picture() -> None:
    """The picture of a mistake is the one that its failing check has left."""
    picture = screenshots.of_failure(LESSON, find_mistake(LESSON, "shows-html"), seed=2)

    assert picture.startswith(PNG)


@pytest.mark.parametrize("slug", sorted(screenshots.SCENES))
def test_every_scene_belongs_to_a_lesson_with_a_browser(slug: str) -> None:
    """A scene is named by its lesson's slug."""
    assert "browser" in find(slug).needs


def test_a_conversation_is_kept_where_nobody_sees_a_difference(tmp_path: Path) -> None:
    """It plays once, is over soon and weighs little; made again, it is the same file."""
    stored = tmp_path / "conversation.webp"
    stored.write_bytes(of_conversation(find("11")))
    again = kept(stored, of_conversation(find("11")))
    with Image.open(stored) as moving:
        lengths = [frame.copy().info["duration"] for frame in ImageSequence.Iterator(moving)]
        plays = moving.info["loop"]

    assert again == stored.read_bytes()
    assert len(again) < MOST_BYTES
    assert sum(lengths) <= MOST_MS
    assert plays == 1


def png(size: tuple[int, int], dot: tuple[int, int, int]) -> bytes:
    picture, made = Image.new("RGB", size), io.BytesIO()
    picture.putpixel((5, 5), dot)
    picture.save(made, "PNG")
    return made.getvalue()
