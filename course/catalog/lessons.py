"""The lessons, read from the folders.

A lesson is a folder of the same name in lessons/, solutions/ and checks/, and a page in docs/lessons/.
Nothing else lists the lessons.
"""

from __future__ import annotations

import difflib
import functools
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.catalog import starters
from course.errors import CourseError, LessonNotFound

ROOT = Path(__file__).resolve().parents[2]
PARTS = {"redis", "database", "worker", "browser", "node", "nginx"}
FOLDER = re.compile(r"\d\d_[a-z0-9_]+")
REQUIRED = {"title": "text", "summary": "text", "minutes": "number", "edit": "list of texts"}
OPTIONAL = {"needs": "list of texts", "continues": "text", "anew": "list of texts", "server": "boolean", "ends": "text"}
TYPES = {"text": str, "number": int, "boolean": bool}


@dataclass(frozen=True)
class Lesson:
    """One lesson of the course."""

    slug: str
    title: str
    summary: str
    minutes: int
    edit: tuple[str, ...]
    anew: tuple[str, ...]
    needs: frozenset[str]
    continues: str | None
    server: bool
    ends: str  # the check that stands for the end of a connection, where the lesson teaches it
    root: Path

    @property
    def number(self) -> str:
        """Return the two digits that the slug starts with."""
        return self.slug[:2]

    @property
    def starter(self) -> Path:
        """Return the project that the student works in."""
        return self.root / "lessons" / self.slug

    @property
    def solution(self) -> Path:
        """Return the overlay that solves the lesson."""
        return self.root / "solutions" / self.slug

    @property
    def checks(self) -> Path:
        """Return the folder of the lesson's pytest suite."""
        return self.root / "checks" / self.slug

    @property
    def page(self) -> Path:
        """Return the lesson's page in the docs."""
        return self.root / "docs" / "lessons" / f"{self.slug}.md"


@functools.cache
def lessons(root: Path = ROOT) -> tuple[Lesson, ...]:
    """Return all lessons in their order, also those whose folder the student has moved away.

    Raises CourseError for a `lesson.toml` that is wrong, or missing where git does not know it either.
    """
    return tuple(_read(root / "lessons" / slug, root) for slug in slugs(root))


def slugs(root: Path = ROOT) -> list[str]:
    """Return the names of all lessons in their order: the folders that are there, and those that the course ships."""
    found = {path.name for path in (root / "lessons").glob("*") if path.is_dir()}
    if known := starters.shipped(root).keys():  # a folder that the student has copied to keep it is no lesson
        found = {slug for slug in found | known if (root / "checks" / slug).is_dir()}
    return sorted(slug for slug in found if FOLDER.fullmatch(slug))


def find(name: str, root: Path = ROOT) -> Lesson:
    """Return the lesson with this number, slug or beginning of a slug.

    Raises LessonNotFound, with the nearest right names.
    """
    slug = find_slug(name, root)
    return next(lesson for lesson in lessons(root) if lesson.slug == slug)


def find_slug(name: str, root: Path = ROOT) -> str:
    """Return the slug that a name stands for, without reading any lesson; raise LessonNotFound as `find` does."""
    known = slugs(root)
    wanted = Path(name).name.lower()
    if wanted.isdigit():
        wanted = wanted.zfill(2)
    exact = [slug for slug in known if wanted in (slug[:2], slug, slug[3:])]
    found = exact or [slug for slug in known if wanted and (slug.startswith(wanted) or slug[3:].startswith(wanted))]
    if len(found) == 1:
        return found[0]
    if found:
        raise LessonNotFound(f"'{name}' could be {' or '.join(found)}.", "Name one of them.")
    names = {name: slug for slug in known for name in (slug, slug[3:], slug[:2])}
    close = difflib.get_close_matches(wanted, names, n=3, cutoff=0.4)
    meant = list(dict.fromkeys(names[each] for each in close)) or known
    raise LessonNotFound(f"There is no lesson '{name}'.", f"Did you mean {', '.join(meant)}?")


def lesson_of(folder: Path, root: Path = ROOT) -> Lesson | None:
    """Return the lesson whose starter `folder` is, or lies in."""
    place = os.path.realpath(folder)  # unlike Path.resolve, it survives a loop of links
    for lesson in lessons(root):
        if Path(place).is_relative_to(os.path.realpath(lesson.starter)):
            return lesson
    return None


def read_toml(path: Path, remedy: str = "") -> dict[str, Any]:
    """Return what a TOML file holds; raise CourseError, with the `remedy`, where it is missing or can't be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(f"{path} is missing.", remedy) from None
    except OSError as error:
        raise CourseError(f"{path} can't be read: {error.strerror}.", remedy) from None
    except ValueError as error:  # not TOML, or not UTF-8
        raise CourseError(f"{path} is not valid TOML: {error}.", remedy) from None


def entries_of(path: Path, kind: str) -> list[dict[str, Any]]:
    """Return the [[kind]] entries of a TOML file, which may be missing; raise CourseError where it holds others."""
    data = read_toml(path) if path.exists() else {}
    entries = data.get(kind, [])
    if not isinstance(entries, list) or set(data) - {kind}:
        raise CourseError(f"{path}: it holds [[{kind}]] entries, and nothing else.")
    return entries


def _read(folder: Path, root: Path) -> Lesson:
    path = folder / "lesson.toml"
    remedy = f"Put it back, a copy of your files is kept: python3 course reset {folder.name[:2]}"
    data = read_toml(path, remedy) if path.exists() else _shipped(folder.name, root)
    for key, kind in (REQUIRED | OPTIONAL).items():
        if not _is(kind, data[key]) if key in data else key in REQUIRED:
            raise CourseError(f"{path}: '{key}' is missing, or is not a {kind}.", remedy)
    unknown = set(data) - set(REQUIRED) - set(OPTIONAL)
    if unknown:
        raise CourseError(f"{path}: unknown key '{min(unknown)}'.", remedy)
    facts: dict[str, Any] = {"needs": [], "continues": None, "anew": [], "server": True, "ends": ""} | data
    if not set(facts["needs"]) <= PARTS:
        raise CourseError(f"{path}: 'needs' may hold {', '.join(sorted(PARTS))}.", remedy)
    lists = {"edit": tuple(facts["edit"]), "anew": tuple(facts["anew"]), "needs": frozenset(facts["needs"])}
    return Lesson(slug=folder.name, root=root, **facts | lists)


def _shipped(slug: str, root: Path) -> dict[str, Any]:
    """Return what lesson.toml of a lesson that has none any more said."""
    path = root / "lessons" / slug / "lesson.toml"
    try:
        text = starters.contents(root, slug, ["lesson.toml"])["lesson.toml"].decode()
    except CourseError as error:
        raise CourseError(f"{path} is missing. {error.message}", error.hint) from None
    return tomllib.loads(text)


def _is(kind: str, value: object) -> bool:
    if kind in TYPES:
        return type(value) is TYPES[kind]  # True is no number
    return isinstance(value, list) and all(isinstance(part, str) for part in value)
