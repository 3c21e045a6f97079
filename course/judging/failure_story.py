"""Puts the story of a failure together: what was expected and came, the wire, what the server says, the cause."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from course.errors import NotStarted, Unmet
from course.judging.diagnosis import Evidence, diagnose
from course.results import Failure
from course.testbed.bed import Bed
from course.testbed.browser.open_page import OpenPage
from course.testbed.clients.transcript import Transcript, show_value
from course.testbed.servers.rq_worker import RqWorker

MOST_ERRORS = 2  # of the server's, in one story
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


@dataclass
class Comparison:
    """The last comparison that an `assert` of a check has made: what it expected, and what it got."""

    expected: str = ""
    got: str = ""

    def take(self, op: str, left: object, right: object) -> object:
        """Take in a comparison; return the value that did not fit, for the timeline to mark."""
        got: object = left
        if op == "==" and isinstance(left, list) and isinstance(right, list):
            pairs = zip(left, right, strict=False)
            at = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))
            got = left[at] if at < len(left) else None
            self.expected, self.got = _nth(right, at), _nth(left, at)
        elif op == "in" and isinstance(left, str) and isinstance(right, str):
            self.expected, self.got = f"{_shown(left)} in it", _shown(right)
        else:
            words = {"==": "", "in": "one of ", "!=": "anything but ", "not in": "none of "}
            self.expected, self.got = words.get(op, f"{op} ") + _shown(right), _shown(left)
        return got


def tell_failure(
    item: pytest.Item,
    excinfo: pytest.ExceptionInfo[BaseException],
    *,
    bed: Bed,
    compared: Comparison,
    transcript: Transcript,
    windows: OpenPage | None,
) -> Failure:
    """Return why a check failed, in the student's words."""
    bed.settle(windows.open_sockets if windows else 0)
    error = excinfo.value
    expected, got = compared.expected, compared.got
    where = where_in_check(item, excinfo)
    if isinstance(error, Unmet):
        message, expected, got = error.message, error.expected or expected, error.got or got
    else:
        message = _said(error) or (f"Expected {expected}, got {got}." if expected else f"Not met: {where}")
    if overheard := bed.overheard():
        overheard.write_to(transcript)
        overheard.tell_what_is_missing(transcript)
    dead = next((server.why_dead for server in bed.servers if server.why_dead), "")
    evidence = _evidence(bed, item.name, [message, got, *(windows.errors if windows else ())], dead)
    cause = diagnose(evidence)
    root = bed.lesson.root
    pictures = root / ".course" / "screenshots" / bed.lesson.number  # a short path stays in one piece on a terminal
    kept = windows.photograph(pictures, item.name.removeprefix("test_")) if windows else ()
    return Failure(
        message=f"{message} {dead}".strip(),
        expected=expected,
        got=got,
        where=where,
        transcript=transcript.events(),
        server_says="" if isinstance(error, NotStarted) else _server_says(evidence),
        likely=cause.name if cause else "",
        cause=cause.text if cause else "",
        confirmed=cause.confirmed if cause else False,
        attachments=tuple(path.relative_to(root).as_posix() for path in kept),  # what the windows show
    )


def where_in_check(item: pytest.Item, excinfo: pytest.ExceptionInfo[BaseException]) -> str:
    """Return the line of the check that was not met."""
    for entry in reversed(excinfo.traceback):
        if Path(entry.path) == item.path:
            return f"{item.path.parent.name}/{item.path.name}:{entry.lineno + 1}: {str(entry.statement).strip()}"
    return ""


def _evidence(bed: Bed, check: str, words: list[str], dead: str) -> Evidence:
    reports = [site.reports for site in bed.sites]
    workers = [server for server in bed.servers if isinstance(server, RqWorker)]
    return Evidence(
        lesson=bed.lesson,
        check=check,
        errors=[error for server in bed.servers for error in server.errors],
        raised=[each for told in reports for each in told.raised],
        unrouted=[each for told in reports for each in told.unrouted],
        ignored=[each for told in reports for each in told.ignored],
        forbidden=[each for told in reports for each in told.forbidden],
        ended=dead,
        crashed=[each for worker in workers for each in worker.crashed],
        unheard=[each for worker in workers for each in worker.unheard],
        source=bed.source,
        words="\n".join(words),
        logs="\n".join(server.log for server in bed.servers),
    )


def _server_says(evidence: Evidence) -> str:
    told = list(evidence.errors[-MOST_ERRORS:])
    told += [f"Daphne did nothing with {each}." for each in evidence.ignored[:MOST_ERRORS]]
    told += [f"Django refused {each}" for each in evidence.forbidden[:MOST_ERRORS]]
    told += [f"On Redis, {each}." for each in evidence.unheard[:MOST_ERRORS]]
    return "\n\n".join(told)


def _said(error: BaseException) -> str:
    """Return what an `assert` says after its comma."""
    text = str(error).partition("\nassert ")[0].strip()
    return "" if text.startswith("assert ") else text


def _shown(value: object) -> str:
    return show_value(value) if isinstance(value, str | bytes | dict | list | int | None) else repr(value)


def _nth(values: list[Any], index: int) -> str:
    if index >= len(values):
        return f"only {len(values)} of them" if values else "nothing"
    place = ORDINALS[index] if index < len(ORDINALS) else f"number {index + 1}"
    return _shown(values[index]) if len(values) == 1 else f"{_shown(values[index])} as the {place}"
