"""Pictures of a lesson's page, as the docs show them."""

from __future__ import annotations

import pytest

from course.authoring.pages import browser_pictures as screenshots
from course.catalog.lessons import find
from course.catalog.mistakes import find_mistake

LESSON = find("06")
PNG = b"\x89PNG\r\n"


def test_two_pictures_of_one_page_are_the_same() -> None:
    """Nothing in a picture depends on the moment, so that a refresh changes what has changed and nothing else."""
    first, second = screenshots.of_page(LESSON), screenshots.of_page(LESSON)

    assert first.startswith(PNG)
    assert first == second


def test_a_failing_check_leaves_its_picture() -> None:
    """The picture of a mistake is the one that its failing check has left."""
    picture = screenshots.of_failure(LESSON, find_mistake(LESSON, "shows-html"), seed=2)

    assert picture.startswith(PNG)


@pytest.mark.parametrize("slug", sorted(screenshots.SCENES))
def test_every_scene_belongs_to_a_lesson_with_a_browser(slug: str) -> None:
    """A scene is named by its lesson's slug."""
    assert "browser" in find(slug).needs
