"""A report as a page for its student: what passes, the story of what fails, hints as far as the teacher allows.

The page is HTML or Markdown. It holds no script, and its Content-Security-Policy allows none.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Literal

from course.reports.clean import clean, clean_line, fenced, markdown
from course.results import CheckResult, Failure, Report

MARKS = {"passed": "✓", "failed": "✗", "error": "!", "skipped": "–", "not run": "·"}
VERDICTS = {
    "passed": "All checks pass.",
    "failed": "Some checks do not pass yet.",
    "refused": "This submission could not be taken in.",
    "unjudged": "This could not be judged. It is not your mistake, and counts nothing against you.",
}
STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
pre { background: #f4f4f4; color: #111; padding: .75rem; overflow-x: auto; white-space: pre-wrap; }
ul { list-style: none; padding: 0; }
h2 { margin-top: 2rem; border-top: 1px solid #ccc; padding-top: 1rem; }
"""


@dataclass(frozen=True)
class Block:
    """A part of the page: a heading, a paragraph, a list of lines, or text as it came."""

    kind: Literal["title", "heading", "label", "text", "list", "raw"]
    lines: tuple[str, ...]


def to_html(report: Report, *, hints: int = 0, remark: str = "") -> str:
    """Return the page as HTML that stands alone; `remark` tells points and lateness."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    body = "\n".join(_html(block) for block in _blocks(report, hints, remark))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{escape(_title(report))}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def to_markdown(report: Report, *, hints: int = 0, remark: str = "") -> str:
    """Return the page as Markdown."""
    return "\n\n".join(_markdown(block) for block in _blocks(report, hints, remark)) + "\n"


def _title(report: Report) -> str:
    whose = f" – {report.submission}" if report.submission else ""
    return clean_line(f"{report.lesson[:2]} · {report.title}{whose}")


def _blocks(report: Report, hints: int, remark: str) -> Iterator[Block]:
    yield Block("title", (_title(report),))
    yield Block("text", (VERDICTS[report.verdict],))
    if remark:
        yield Block("text", (remark,))
    if trouble := report.refused or report.course_error or report.problem:
        yield Block("raw", (trouble,))
    if report.checks:
        yield Block("list", tuple(f"{MARKS[check.status]} {check.title}{_remark(check)}" for check in report.checks))
    for check in report.checks:
        if check.failure and not report.problem:
            yield from _story(check, check.failure, hints)
    yield Block("text", (f"seed {report.seed}",))


def _remark(check: CheckResult) -> str:
    return f" ({check.status}: {check.reason})" if check.reason else f" ({check.status})"


def _story(check: CheckResult, failure: Failure, hints: int) -> Iterator[Block]:
    yield Block("heading", (check.title,))
    yield Block("raw", (failure.message,))
    if failure.expected and failure.expected not in failure.message:
        yield Block("raw", (f"expected  {failure.expected}\ngot       {failure.got}",))
    if failure.transcript:
        yield Block("label", ("On the wire",))
        yield Block("raw", ("\n".join(_events(failure)),))
    if failure.server_says:
        yield Block("label", ("The server says",))
        yield Block("raw", (failure.server_says,))
    if failure.cause:
        yield Block("label", ("Cause" if failure.confirmed else "Is it this?",))
        yield Block("text", (failure.cause,))
    for number, hint in enumerate(check.hints[:hints], 1):
        yield Block("text", (f"Hint {number} of {len(check.hints)}: {hint}",))


def _events(failure: Failure) -> Iterator[str]:
    for event in failure.transcript:
        yield f"{event.at_ms:6} ms  {event.who:8} {event.direction} {event.what}{'   ✗ here' * event.diverged}"


def _html(block: Block) -> str:
    if block.kind == "list":
        return "<ul>\n" + "\n".join(f"<li>{escape(clean_line(line))}</li>" for line in block.lines) + "\n</ul>"
    tag = {"title": "h1", "heading": "h2", "label": "h3", "text": "p", "raw": "pre"}[block.kind]
    return f"<{tag}>{escape(_text(block))}</{tag}>"


def _markdown(block: Block) -> str:
    if block.kind == "list":
        return "\n".join(f"- {markdown(line)}" for line in block.lines)
    if block.kind == "raw":
        return fenced(_text(block))
    before = {"title": "# ", "heading": "## ", "label": "### ", "text": ""}[block.kind]
    return before + markdown(_text(block))


def _text(block: Block) -> str:
    text = "\n".join(block.lines)
    return clean(text, 20_000) if block.kind == "raw" else clean_line(text, 2_000)
