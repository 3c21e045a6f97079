"""The last report of each lesson of the student's own, kept so that a hint need not check anything again.

A report holds as long as the student's files, and the lesson's checks, are those that it was made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from course.catalog.lessons import ROOT, Lesson
from course.project.fingerprint import fingerprint
from course.project.scratch_copy import files_of
from course.reports.json import from_json, to_json
from course.results import Report

FOLDER = ROOT / ".course" / "reports"  # NN_slug.json, and the digest of what it was made of in NN_slug.digest


def digest_of(lesson: Lesson) -> str:
    """Return a digest of all that a verdict depends on: the student's files and the checks. Take it before a run."""
    return fingerprint(lesson.root, _judged(lesson))


def keep(lesson: Lesson, report: Report, digest: str) -> None:
    """Keep a report of the student's own files, which had this digest when the run began."""
    kept, mark = _files(lesson)
    try:
        FOLDER.mkdir(parents=True, exist_ok=True)
        mark.unlink(missing_ok=True)  # whoever is interrupted between the two leaves a report that does not count
        kept.write_text(to_json([report]), encoding="utf-8")
        mark.write_text(digest, encoding="utf-8")
    except OSError:
        pass  # a full disk, a folder that may not be written to: it only saves time


def recall(lesson: Lesson) -> Report | None:
    """Return the last report of a lesson, or None where there is none or something has changed since."""
    kept, mark = _files(lesson)
    try:
        if mark.read_text(encoding="utf-8") != digest_of(lesson):
            return None
        return from_json(kept.read_text(encoding="utf-8"))[0]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):  # gone, or another version of the course's
        return None


def _files(lesson: Lesson) -> tuple[Path, Path]:
    return FOLDER / f"{lesson.slug}.json", FOLDER / f"{lesson.slug}.digest"


def _judged(lesson: Lesson) -> Iterator[Path]:
    yield from files_of(lesson.starter)
    yield from files_of(lesson.checks)
    yield from sorted(lesson.checks.parent.glob("*.py"))  # what several lessons' checks share
