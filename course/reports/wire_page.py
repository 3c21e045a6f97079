"""The wire of a report's failing checks, as one HTML file that holds all it needs: it is read from a disk, offline."""

from __future__ import annotations

from html import escape
from pathlib import Path

from course.reports.clean import clean, clean_line
from course.reports.wire_player import Run, players
from course.results import CheckResult, Report

SITE = Path(__file__).parents[2] / "docs"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-wire'"
STYLE = """
:root { color-scheme: light dark; --md-default-fg-color: #1d2629; font: 125%/1.6 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 60rem; padding: 0 1rem 3rem; background: #fff; color: #1d2629; font-size: 0.8rem; }
h1 { font-size: 1.3rem; } h2 { font-size: 1rem; }
.said { white-space: pre-wrap; overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) {
  body { background: #1b2426; color: #e2ecee; }
  .wire { --ink: #e2ecee; --quiet: #b9c6ca; --paper: #243033; --line: #4b5458;
    --good: #9ae0b8; --refused: #ffd17d; --bad: #ffb3c4; --md-typeset-a-color: #7fd3dc; }
}
"""


def wire_page(report: Report) -> str:
    """Return the page. What a student or their program wrote is text in it, and no more than text.

    The page's policy lets run what is marked as ours, and nothing fetch anything.
    """
    title = f"{report.lesson[:2]} · {report.title}"
    script = (SITE / "javascripts" / "wire.js").read_text(encoding="utf-8")
    style = (SITE / "stylesheets" / "wire.css").read_text(encoding="utf-8")
    told = [_story(check) for check in report.checks if check.failure and check.failure.transcript]
    body = "".join(told) or f"<p>{_nothing(report)}</p>\n"
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>On the wire: {_line(title)}</title>\n<style>{style}{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{_line(title)}</h1>\n<p>On the wire, in the last run over {_line(report.project)}.</p>\n"
        f'{body}</main>\n<script nonce="wire">{script}</script>\n</body>\n</html>\n'
    )


def _story(check: CheckResult) -> str:
    assert check.failure
    player = players([Run(f"Check {check.number}", check.failure.transcript, "wrong")])
    cause = f'<p class="said">{escape(clean(check.failure.cause))}</p>\n' if check.failure.cause else ""
    said = escape(clean(check.failure.message))
    return f'<h2>{check.number}. {_line(check.title)}</h2>\n<p class="said">{said}</p>\n{cause}{player}'


def _nothing(report: Report) -> str:
    if report.passed:
        return "No check has failed, so there is nothing to look into."
    return "Nothing went over the wire in the checks that failed: the terminal tells why."


def _line(text: str) -> str:
    return escape(clean_line(text))
