"""Keeps what the docs show of a run the same from run to run, on a busy machine and on a quiet one.

What a run measures is left out or takes a value that its script decides: how long a check took is not told, and the
wire's clock counts one millisecond an event and the whole of each wait that an event names. Ports and folders are
those of any machine, and what reaches several clients at once has one order.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import Any

from course.errors import CourseError
from course.results import Failure, Report, WireEvent, is_beside
from course.testbed.deadlines import deadline_s
from course.testbed.overheard import MISSING
from course.testbed.servers.daphne_launch import ACCEPT_UNITS

TOLD = ("message", "expected", "got", "where", "server_says")  # of a failure
Events = tuple[WireEvent, ...]


def steady(report: Report) -> Report:
    """Return the report as any run with its seed would give it."""
    checks = tuple(
        replace(check, duration_ms=0, failure=_steady_failure(check.failure) if check.failure else None)
        for check in report.checks
    )
    project, problem = _steady_text(report.project), _steady_text(report.problem)
    return replace(report, project=project, problem=problem, checks=checks, duration_ms=0)


def steady_events(events: Events) -> Events:
    """Return what went over the wire, each event a millisecond after the last, or after the wait that it tells of."""
    clock, timed = -1, []
    for event in _in_one_order(_without_a_crowd(_of_clients(events))):
        clock += _waited_ms(event) or 1
        timed.append(replace(event, at_ms=clock, what=_steady_text(event.what)))
    return tuple(timed)


def on_schedule(events: Events, due_ms: Mapping[str, int]) -> Events:
    """Return what went over the wire, with each arrival at the time that the lesson's contract gives it.

    `due_ms` says what is due when. Everything else happens at the time of the event before. Raises CourseError where
    something comes before it is due, or not at all: then the schedule says what the program does not.
    """
    if missing := due_ms.keys() - {event.what for event in events}:
        raise CourseError(
            f"Nothing on the wire is {', '.join(sorted(missing))}, which the schedule of its scene names."
        )
    clock, timed = 0, []
    for event in events:
        due = due_ms.get(event.what, 0) if event.arrow == "←" else 0
        if event.at_ms < due:
            raise CourseError(f"{event.what} came after {event.at_ms} ms. The schedule of its scene says {due} ms.")
        clock = max(clock, due)
        timed.append(replace(event, at_ms=clock, what=_steady_text(event.what)))
    moments = itertools.groupby(timed, key=attrgetter("at_ms"))
    return tuple(event for _, moment in moments for event in _in_one_order(moment))


def _steady_failure(failure: Failure) -> Failure:
    texts: dict[str, Any] = {name: _steady_text(getattr(failure, name)) for name in TOLD}
    attachments = tuple(_steady_text(path) for path in failure.attachments)
    return replace(failure, transcript=steady_events(failure.transcript), attachments=attachments, **texts)


def _in_one_order(events: Iterable[WireEvent]) -> Iterator[WireEvent]:
    """Yield the events, those that come between two of the clients' own sorted by whom they reach: they race."""
    run: list[WireEvent] = []
    for event in events:
        if event.arrow == "→" or not event.who:
            yield from (*sorted(run, key=_place), event)
            run = []
        else:
            run.append(event)
    yield from sorted(run, key=_place)


def _place(event: WireEvent) -> tuple[bool, str]:
    return event.what.startswith(MISSING), event.who


def _of_clients(events: Events) -> Events:
    """Leave out what Redis and the worker did: when that was, between clients, is chance. What is missing stays."""
    return tuple(event for event in events if not is_beside(event.who, event.peer) or event.what.startswith(MISSING))


def _without_a_crowd(events: Events) -> Events:
    """Leave out the end of a timeline that was too long to show: who comes last in a crowd is chance.

    Where something went wrong, the end is what came while the story was put together.
    """
    gap = next((place for place, event in enumerate(events) if GAP.fullmatch(event.what)), None)
    if gap is None:
        return events
    marked = next((place for place, event in enumerate(events) if event.diverged), None)
    if marked is not None:
        return events[: marked + 1]
    return (*events[:gap], replace(events[gap], what="(more events)"))


def _waited_ms(event: WireEvent) -> int:
    """Return how long an event says that it took, on a machine where a unit of time is a second."""
    if event.what == "a dropped connection":  # Daphne lets go of a consumer that does not accept
        return ACCEPT_UNITS * 1000
    waits = WAIT.search(_steady_text(event.what))
    return round(float(waits[1] or waits[2]) * 1000) if waits else 0


def _steady_text(text: str) -> str:
    for pattern, steadily in STEADY:
        text = pattern.sub(steadily, text)
    return text


def _unscaled(match: re.Match[str]) -> str:
    return f"waited {float(match[1]) / deadline_s():g} s"


PORT = re.compile(r"(?<=127\.0\.0\.1:)\d+|(?<=localhost:)\d+"), "8000"  # any port, and the one that pages show
GAP = re.compile(r"\(\d+ more events\)")
WAIT = re.compile(r"waited (\S+) s\b|lets (\S+) s pass")
STEADY: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    PORT,
    (re.compile(r"[^\s\"']*/course-\d+-[^/\s]+/project/?"), ""),
    (re.compile(r"\bwaited (\d+(?:\.\d+)?) s\b"), _unscaled),
    (re.compile(r"\b\d+(?= ms\b)|(?<!waited )(?<!lets )\b\d+\.\d+(?= s\b)"), "…"),
)
