"""Pictures of the terminal for the docs: real reports, with times that do not change from run to run."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from io import StringIO

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from course.results import CheckResult, Failure, Report, WireEvent

SEED = 2  # of the runs that the docs show
QUICK_MS = 900
THEME = TerminalTheme(
    (14, 36, 42),
    (226, 236, 238),
    [
        (14, 36, 42),
        (255, 138, 128),
        (126, 214, 150),
        (255, 209, 125),
        (127, 190, 245),
        (226, 165, 230),
        (116, 214, 222),
        (226, 236, 238),
    ],
    [
        (150, 170, 176),
        (255, 160, 150),
        (150, 230, 172),
        (255, 222, 150),
        (155, 208, 255),
        (238, 188, 242),
        (145, 228, 236),
        (255, 255, 255),
    ],
)
# Rich's own template fetches its font from a CDN.
SVG = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>TITLE</title>
<style>
.{unique_id}-matrix {{
    font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
    font-size: {char_height}px;
    line-height: {line_height}px;
}}
.{unique_id}-title {{ font: 600 16px system-ui, "DejaVu Sans", sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def capture(report: Report, width: int = 88) -> tuple[str, str]:
    """Return what `course check` prints for a report, as plain text and as an SVG picture."""
    from course.reports import terminal  # rich's parts are slow to import, and only this needs them

    title = f"python3 course check {report.lesson[:2]}{' --solution' if report.passed else ''}"
    return capture_renderable(terminal.render(steady(report)), title, width)


def capture_renderable(renderable: object, title: str, width: int = 88) -> tuple[str, str]:
    """Return what rich prints for `renderable`, as plain text and as an SVG picture."""
    console = Console(
        record=True, file=StringIO(), width=width, color_system="truecolor", force_terminal=True, legacy_windows=False
    )
    console.print(renderable)
    text = console.export_text(clear=False)
    name = "t" + re.sub(r"[^a-z0-9]+", "-", title.lower())
    template = SVG.replace("TITLE", title.replace("&", "&amp;").replace("<", "&lt;"))
    svg = console.export_svg(title=title, theme=THEME, code_format=template, unique_id=name)
    return _trimmed(text), _trimmed(svg)


def steady(report: Report) -> Report:
    """Return the report with times, ports and folders as they would be on any run."""
    checks = tuple(_steady_check(check) for check in report.checks)
    return replace(
        report,
        project=_steady_text(report.project),
        problem=_steady_text(report.problem),
        checks=checks,
        duration_ms=sum(check.duration_ms for check in checks) + 400,
    )


def _steady_check(check: CheckResult) -> CheckResult:
    failure = _steady_failure(check.failure) if check.failure else None
    return replace(check, duration_ms=_steady_ms(check.duration_ms), failure=failure)


def _steady_failure(failure: Failure) -> Failure:
    return replace(
        failure,
        message=_steady_text(failure.message),
        expected=_steady_text(failure.expected),
        got=_steady_text(failure.got),
        where=_steady_text(failure.where),
        server_says=_steady_text(failure.server_says),
        transcript=_steady_events(failure.transcript),
        attachments=tuple(_steady_text(path) for path in failure.attachments),
    )


def _steady_events(events: tuple[WireEvent, ...]) -> tuple[WireEvent, ...]:
    """Keep the order of the events and the length of the waits that matter; forget the odd milliseconds."""
    steadied, last = [], -1
    for event in events:
        last = max(last + 1, _steady_ms(event.at_ms - events[0].at_ms, quick_ms=0))
        steadied.append(replace(event, at_ms=last, what=_steady_text(event.what)))
    return tuple(steadied)


def _steady_ms(elapsed_ms: int, quick_ms: int = 10) -> int:
    """Return the whole second that a wait fills, or `quick_ms` for what no one notices."""
    return quick_ms if elapsed_ms < QUICK_MS else max(1, math.ceil(elapsed_ms / 1000 - 0.2)) * 1000


def _steady_text(text: str) -> str:
    for pattern, steadily in STEADY:
        text = pattern.sub(steadily, text)
    return text


def _steady_span(match: re.Match[str]) -> str:
    """Return a time that a text tells, as coarse as it is on any machine."""
    number, unit = match.groups()
    if unit == "ms":
        return f"{_steady_ms(int(number))} ms"
    return f"{round(float(number), 1 if float(number) < 1 else None)} s"


STEADY: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(?<=127\.0\.0\.1:)\d+|(?<=localhost:)\d+"), "8000"),
    (re.compile(r"[^\s\"']*/course-\d+-[^/\s]+/project/?"), ""),
    (re.compile(r"\b(\d+) (ms)\b"), _steady_span),
    (re.compile(r"\b(\d+\.\d+) (s)\b"), _steady_span),
)


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n") + "\n"
