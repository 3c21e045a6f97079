"""Keeps the reports that the docs show the same from run to run: times, ports and folders as on any machine."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from course.results import Failure, Report, WireEvent

QUICK_MS = 900
TOLD = ("message", "expected", "got", "where", "server_says")  # of a failure


def steady(report: Report) -> Report:
    """Return the report with times, ports and folders as they would be on any run."""
    checks = tuple(
        replace(
            check,
            duration_ms=_steady_ms(check.duration_ms),
            failure=_steady_failure(check.failure) if check.failure else None,
        )
        for check in report.checks
    )
    return replace(
        report,
        project=_steady_text(report.project),
        problem=_steady_text(report.problem),
        checks=checks,
        duration_ms=sum(check.duration_ms for check in checks) + 400,
    )


def steady_events(events: tuple[WireEvent, ...], grain_ms: int = 100) -> tuple[WireEvent, ...]:
    """Return what went over the wire, with times as coarse as `grain_ms`."""
    return tuple(
        replace(event, at_ms=round(event.at_ms / grain_ms) * grain_ms, what=_steady_text(event.what))
        for event in events
    )


def _steady_failure(failure: Failure) -> Failure:
    """Keep the order of the events and the length of the waits that matter; forget the odd milliseconds."""
    events, last = [], -1
    for event in failure.transcript:
        last = max(last + 1, _steady_ms(event.at_ms - failure.transcript[0].at_ms, quick_ms=0))
        events.append(replace(event, at_ms=last, what=_steady_text(event.what)))
    texts: dict[str, Any] = {name: _steady_text(getattr(failure, name)) for name in TOLD}
    attachments = tuple(_steady_text(path) for path in failure.attachments)
    return replace(failure, transcript=tuple(events), attachments=attachments, **texts)


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
