"""Begins a lesson: its starter, solution, checks, page and other layout, whole and right from the first minute.

They are made from `lesson_template/`, a small lesson that all tests accept. Its author then changes one thing after
another into what the lesson is about.
"""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from course.catalog.lessons import FOLDER, slugs
from course.errors import CourseError

TEMPLATE = Path(__file__).with_name("lesson_template")
SUFFIX = ".template"
MENU = Path("mkdocs.yml")
ENTRY = re.compile(r"^( +)- lessons/(\d\d_\w+)\.md\n", re.MULTILINE)


def begin(root: Path, number: str, name: str) -> list[Path]:
    """Make the files of a lesson and its line in the menu; return them, as paths below the root.

    Raises CourseError where the number is taken or is none, where the name can't be a folder, or a file is in the way.
    """
    slug = _slug(root, number, name)
    words = {"SLUG": slug, "NUMBER": slug[:2], "APP": name, "TITLE": name.replace("_", " ").capitalize()}
    made = {
        Path(_filled(path.relative_to(TEMPLATE).as_posix(), words, "{}").removesuffix(SUFFIX)): _filled(
            path.read_text(encoding="utf-8"), words, "@{}@"
        )
        for path in sorted(TEMPLATE.rglob(f"*{SUFFIX}"))
    }
    if there := [path.as_posix() for path in made if (root / path).exists()]:
        raise CourseError(f"{there[0]} is there already.", "Move it away, or take another number.")
    menu = with_entry((root / MENU).read_text(encoding="utf-8"), slug)
    for path, text in made.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    (root / MENU).write_text(menu, encoding="utf-8")
    return [*made, MENU]


def with_entry(menu: str, slug: str) -> str:
    """Return the configuration of the site with the lesson's page in the menu: after the one before it."""
    entries = list(ENTRY.finditer(menu))
    before = [entry for entry in entries if entry[2] < slug]
    if not entries:
        raise CourseError(f"{MENU} has no menu of lessons.", f"Name the page there: lessons/{slug}.md")
    place = before[-1].end() if before else entries[0].start()
    return f"{menu[:place]}{entries[0][1]}- lessons/{slug}.md\n{menu[place:]}"


def _slug(root: Path, number: str, name: str) -> str:
    slug = f"{number.zfill(2)}_{name}"
    if not number.isdecimal() or not FOLDER.fullmatch(slug) or not name.isidentifier() or keyword.iskeyword(name):
        raise CourseError(f"'{number} {name}' is no lesson.", "Write: python3 course new-lesson 21 tea_timer")
    taken = [known for known in slugs(root) if known[:2] == slug[:2] or known[3:] == name]
    if taken:
        raise CourseError(f"There is {taken[0]} already.", "Take another number and name: python3 course list")
    return slug


def _filled(text: str, words: dict[str, str], mark: str) -> str:
    for key, word in words.items():
        text = text.replace(mark.format(key), word)
    return text
