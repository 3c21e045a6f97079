"""`course new-lesson`: a lesson that the house accepts, before its author has begun to change it."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from course.authoring.new_lesson import with_entry
from course.catalog.lessons import ROOT
from course.errors import CourseError
from tests.conftest import Clone, run

AS_AN_AUTHOR_HAS_IT = ("docs", "includes", "tests", "mkdocs.yml", "README.md", "CONTRIBUTING.md", "AGENTS.md")
HOUSE = (
    "tests/test_style.py",
    "tests/test_promises.py",
    "tests/test_lessons.py",
    "tests/test_other_layouts.py",
    "tests/docs/test_docs_listings.py",
    "tests/docs/test_docs_outputs.py",
    "tests/docs/test_docs_pages.py",
)
MENU = "nav:\n  - Part 1:\n      - lessons/01_one.md\n  - Part 2:\n      - lessons/05_five.md\n  - More: more.md\n"


@pytest.fixture
def authors_clone(clone: Clone) -> Clone:
    """Return a whole course, in git."""
    for name in AS_AN_AUTHOR_HAS_IT:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, clone.root / name)
    clone.commit()
    return clone


def test_a_new_lesson_is_one_that_the_house_accepts(authors_clone: Clone) -> None:
    """After the steps that the command names, the lesson is proved, shown, and breaks no rule."""
    begun = authors_clone.run("new-lesson", "21", "tea_timer")
    assert begun.code == 0, begun.errors
    assert "lessons/21_tea_timer/lesson.toml" in begun.output.split()
    subprocess.run(["git", "add", "-A"], cwd=authors_clone.root, check=True)

    for step in (["verify", "21"], ["docs", "21", "--refresh"], ["docs", "--build"]):
        done = authors_clone.run(*step)
        assert done.code == 0, done.output + done.errors
    for tests in HOUSE:
        command = [str(authors_clone.python), "-m", "pytest", "-q", "-k", "21_tea_timer or test_style", tests]
        judged = run(command, cwd=authors_clone.root)
        assert judged.code == 0, judged.output
    assert (authors_clone.root / "site" / "lessons" / "21_tea_timer" / "index.html").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["02", "tea_timer"], "There is 02_sync_echo already."),
        (["21", "sync_echo"], "There is 02_sync_echo already."),
        (["21", "Tea-Timer"], "'21 Tea-Timer' is no lesson."),
        (["21", "class"], "'21 class' is no lesson."),
        (["tea", "21"], "'tea 21' is no lesson."),
    ],
)
def test_what_is_no_new_lesson_is_told(arguments: list[str], told: str, shared_clone: Clone) -> None:
    """A number or a name that is taken, or none, is refused, and nothing is made."""
    done = shared_clone.run("new-lesson", *arguments)

    assert done.code == 2
    assert told in done.errors
    assert not list((shared_clone.root / "lessons").glob("21*"))


@pytest.mark.parametrize(
    ("slug", "entries"),
    [
        ("00_zero", ["00_zero", "01_one", "Part 2", "05_five", "More"]),
        ("03_three", ["01_one", "03_three", "Part 2", "05_five", "More"]),
        ("09_nine", ["01_one", "Part 2", "05_five", "09_nine", "More"]),
    ],
)
def test_the_menu_names_lessons_in_their_order(slug: str, entries: list[str]) -> None:
    """A new page stands after the one before it, in the same part."""
    assert re.findall(r"- (?:lessons/)?(\d\d_\w+|Part 2|More)", with_entry(MENU, slug)) == entries


def test_a_menu_without_lessons_is_told() -> None:
    """Where there is no lesson in the menu, its author is told what to write there."""
    with pytest.raises(CourseError, match="no menu of lessons"):
        with_entry("nav:\n", "21_tea_timer")
