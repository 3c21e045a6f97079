"""The lessons, read from the folders.

A lesson is a folder of the same name in lessons/, solutions/ and checks/, and a page in docs/lessons/.
Nothing else lists the lessons.
"""

from __future__ import annotations

import difflib
import functools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    """Return all lessons in their order.

    Raises CourseError for a `lesson.toml` that is missing or wrong.
    """
    folders = sorted(p for p in (root / "lessons").glob("*") if FOLDER.fullmatch(p.name) and p.is_dir())
    return tuple(_read(folder, root) for folder in folders)


def find(name: str, root: Path = ROOT) -> Lesson:
    """Return the lesson with this number, slug or beginning of a slug.

    Raises LessonNotFound, with the nearest right names.
    """
    known = lessons(root)
    wanted = Path(name).name.lower()
    if wanted.isdigit():
        wanted = wanted.zfill(2)
    exact = [le for le in known if wanted in (le.number, le.slug, le.slug[3:])]
    found = exact or [le for le in known if wanted and (le.slug.startswith(wanted) or le.slug[3:].startswith(wanted))]
    if len(found) == 1:
        return found[0]
    if found:
        choices = " or ".join(le.slug for le in found)
        raise LessonNotFound(f"'{name}' could be {choices}.", "Name one of them.")
    names = {name: le.slug for le in known for name in (le.slug, le.slug[3:], le.number)}
    close = difflib.get_close_matches(wanted, names, n=3, cutoff=0.4)
    slugs = list(dict.fromkeys(names[each] for each in close)) or [le.slug for le in known]
    raise LessonNotFound(f"There is no lesson '{name}'.", f"Did you mean {', '.join(slugs)}?")


def lesson_of(folder: Path, root: Path = ROOT) -> Lesson | None:
    """Return the lesson whose starter `folder` is, or lies in."""
    for lesson in lessons(root):
        if folder.resolve().is_relative_to(lesson.starter.resolve()):
            return lesson
    return None


def read_toml(path: Path, remedy: str = "") -> dict[str, Any]:
    """Return what a TOML file holds; raise CourseError where it is missing, which has a `remedy`, or is none."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(f"{path} is missing.", remedy) from None
    except ValueError as error:  # not TOML, or not UTF-8
        raise CourseError(f"{path} is not valid TOML: {error}.") from None


def entries_of(path: Path, kind: str) -> list[dict[str, Any]]:
    """Return the [[kind]] entries of a TOML file, which may be missing; raise CourseError where it holds others."""
    data = read_toml(path) if path.exists() else {}
    entries = data.get(kind, [])
    if not isinstance(entries, list) or set(data) - {kind}:
        raise CourseError(f"{path}: it holds [[{kind}]] entries, and nothing else.")
    return entries


def _read(folder: Path, root: Path) -> Lesson:
    path = folder / "lesson.toml"
    data = read_toml(path, f"Restore it with: git checkout -- {path}")
    for key, kind in (REQUIRED | OPTIONAL).items():
        if not _is(kind, data[key]) if key in data else key in REQUIRED:
            raise CourseError(f"{path}: '{key}' is missing, or is not a {kind}.")
    unknown = set(data) - set(REQUIRED) - set(OPTIONAL)
    if unknown:
        raise CourseError(f"{path}: unknown key '{min(unknown)}'.")
    facts: dict[str, Any] = {"needs": [], "continues": None, "anew": [], "server": True, "ends": ""} | data
    if not set(facts["needs"]) <= PARTS:
        raise CourseError(f"{path}: 'needs' may hold {', '.join(sorted(PARTS))}.")
    lists = {"edit": tuple(facts["edit"]), "anew": tuple(facts["anew"]), "needs": frozenset(facts["needs"])}
    return Lesson(slug=folder.name, root=root, **facts | lists)


def _is(kind: str, value: object) -> bool:
    if kind in TYPES:
        return type(value) is TYPES[kind]  # True is no number
    return isinstance(value, list) and all(isinstance(part, str) for part in value)
