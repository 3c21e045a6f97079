"""Reads Markdown the way the tests ask about it: headings, fences, prose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from course.catalog.lessons import ROOT, Lesson, lessons

DOCS = ROOT / "docs"
GENERATED = ROOT / "includes" / "generated"
FENCE = re.compile(
    r"^(?P<indent>[ ]*)(?P<ticks>`{3,})[ ]*(?P<head>[^\n`]*)\n(?P<body>.*?)^(?P=indent)(?P=ticks)[ ]*$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Fence:
    """A fenced block of a page."""

    language: str
    head: str
    body: str

    @property
    def is_included(self) -> bool:
        """Tell whether the block holds snippets only, and nothing typed."""
        return all(line.strip().startswith("--8<-- ") for line in self.body.splitlines() if line.strip())


def pages() -> list[Path]:
    """Return every page that a person wrote."""
    return sorted(DOCS.rglob("*.md"))


def fences(text: str) -> list[Fence]:
    """Return the fenced blocks of a page, in their order."""
    found = []
    for match in FENCE.finditer(text):
        head = match["head"].strip()
        found.append(Fence(head.split(" ", 1)[0].lstrip("{ .").rstrip("} "), head, match["body"]))
    return found


def without_fences(text: str) -> str:
    """Return a page's text without its fenced blocks."""
    return FENCE.sub("", text)


def prose(text: str) -> str:
    """Return what a page says outside code, comments and addresses."""
    text = re.sub(r"<!--.*?-->", "", without_fences(text), flags=re.DOTALL)
    text = re.sub(r"(`+).+?\1", "", text)
    return re.sub(r"\]\([^)]*\)|https?://\S+", "]", text)


def headings(text: str, level: int) -> list[str]:
    """Return a page's headings of one level."""
    found = re.findall(rf"^{'#' * level} (.+)$", without_fences(text), re.MULTILINE)
    return [re.sub(r"\s*\{.*\}$", "", heading) for heading in found]


def lesson_ids(lesson: Lesson) -> str:
    """Return a lesson's name for pytest's output."""
    return lesson.slug


LESSONS = lessons()
