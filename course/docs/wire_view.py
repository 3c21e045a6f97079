"""The wire of one's own last run, in the browser: a file in .course/, which needs no server and no network."""

from __future__ import annotations

import webbrowser
from pathlib import Path

from course.catalog.lessons import ROOT, Lesson
from course.docs.site import has_display
from course.errors import CourseError
from course.reports.wire_page import wire_page
from course.results import Report

SHOWN = "What went over the wire:"
NO_BROWSER = "No browser can be opened from here. Open this page in yours:"
FOLDER = ROOT / ".course" / "wire"


def open_wire(lesson: Lesson, report: Report, folder: Path = FOLDER) -> tuple[str, bool]:
    """Write a report's wire as a page and show it; return its address, and whether a browser could be opened.

    Raises CourseError where the file can't be written.
    """
    path = folder / f"{lesson.slug}.html"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(wire_page(report), encoding="utf-8")
    except OSError as error:
        raise CourseError(f"{path} can't be written: {error.strerror}.", "Make room for it, and try again.") from None
    address = path.as_uri()
    return address, has_display() and webbrowser.open(address)
