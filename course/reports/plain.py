"""A report as plain lines, for screen readers and logs: no colour, no symbols without a word."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from course.reports.terminal import closing
from course.results import CheckResult, Report

WORDS = {"passed": "passed ", "failed": "FAILED ", "error": "ERROR  ", "skipped": "skipped", "not run": "not run"}


def plain_line(check: CheckResult) -> str:
    """Return one check as a line that begins with the word for its status."""
    own = "On your own: " if check.group == "own" else ""
    return f"{WORDS[check.status]} {check.number}. {own}{check.title} ({check.duration_ms} ms)"


def plain_closing(report: Report, width: int = 100) -> str:
    """Return what follows the checks, as text."""
    console = Console(file=StringIO(), width=width, color_system=None)
    with console.capture() as captured:
        console.print(closing(report))
    return "\n".join(line.rstrip() for line in captured.get().splitlines())
