"""What went over the wire as HTML: a sequence diagram that is a list, which docs/javascripts/wire.js can play.

The list is all there is: it is served as it stands, drawn by docs/stylesheets/wire.css, and read by screen readers; the
script adds only the buttons. So whatever it plays is also there without it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from itertools import pairwise
from typing import Literal

from course.reports.clean import clean, clean_line
from course.results import REDIS, SERVER, WORKER, WireEvent

SERVERS = re.compile(r"server|nginx|Daphne \d+")
CODE = re.compile(r"(HTTP|closed with|closes with) (\d{3,4})\b")
CLOSE_CODES = {
    1000: "normal end",
    1001: "going away",
    1002: "protocol error",
    1003: "data of the wrong kind",
    1005: "no code",
    1006: "broken off",
    1007: "not UTF-8",
    1008: "against the rules",
    1009: "message too large",
    1011: "error in the server",
}
BROKEN = ("a dropped connection", "silence")
CUT = re.compile(r"… \([\d,]+ characters\)$")
NGINX = "nginx"
NARROW = 2  # lanes
LATER_MS = 250  # a gap that is worth a word
Verdict = Literal["right", "wrong", ""]
MARKS: dict[Verdict, str] = {"right": "✓ ", "wrong": "✗ ", "": ""}


@dataclass(frozen=True)
class Run:
    """One recorded run, under its title."""

    title: str
    events: tuple[WireEvent, ...]
    verdict: Verdict = ""


def players(runs: Sequence[Run]) -> str:
    """Return the HTML of some runs, side by side where there is room. It has no blank line, so Markdown keeps it."""
    is_wide = any(len(participants(run.events)) > NARROW for run in runs)  # too wide to stand side by side
    classes = "wires wide" if is_wide else "wires"
    return f'<div class="{classes}" data-search-exclude>\n{"".join(_player(run) for run in runs)}</div>\n'


def participants(events: Sequence[WireEvent]) -> list[str]:
    """Return who takes part: the clients in the order of their appearance, the servers, Redis, the worker."""
    ends = [end for event in events for end in _ends(event)]
    behind = [name for name in (REDIS, WORKER) if name in ends]
    servers = sorted({end for end in ends if SERVERS.fullmatch(end)}, key=lambda name: (name != NGINX, name))
    clients = [end for end in dict.fromkeys(ends) if end not in (*servers, *behind)]
    return [*clients, *(servers or [SERVER]), *behind]


def _ends(event: WireEvent) -> list[str]:
    """Return whom an event's line or note stands at; an arrow without a peer ends at the server."""
    if event.arrow == "·" or event.who == SERVER:
        return [end for end in (event.who, event.peer) if end]
    return [event.who, event.peer or SERVER]


def _player(run: Run) -> str:
    lanes = participants(run.events)
    heads = "".join(f"<span>{_line(name)}</span>" for name in lanes)
    gaps = [0, *(after.at_ms - before.at_ms for before, after in pairwise(run.events))]
    rows = "".join(_row(event, lanes, gap_ms) for event, gap_ms in zip(run.events, gaps, strict=True))
    return (
        f'<figure class="wire" style="--lanes:{len(lanes)}">\n'
        f'<figcaption class="wire-title {run.verdict}">{MARKS[run.verdict]}{_line(run.title)}</figcaption>\n'
        f'<div class="wire-bar"></div>\n<div class="wire-heads" aria-hidden="true">{heads}</div>\n'
        f"<ol>\n{rows}</ol>\n</figure>\n"
    )


def _row(event: WireEvent, lanes: list[str], gap_ms: int) -> str:
    ends = _ends(event)
    # What has no direction is a note; so is what the server is told by nobody: that it is killed, for one.
    speaks = len(ends) == 2 and event.arrow != "·"
    source, target = (ends if event.arrow == "→" else ends[::-1]) if speaks else (event.who, event.who)
    start, end = sorted((lanes.index(source), lanes.index(target))) if source else (0, len(lanes) - 1)
    kind = ("sent" if lanes.index(source) == start else "got") if speaks else "note"
    who = f"{_named(source)} to {_named(target)}: " if speaks else f"{event.who}: " * bool(event.who)
    later = f'<span class="wire-time">{_span(gap_ms)} later</span> ' if gap_ms >= LATER_MS else ""
    here = ' <strong class="wire-here">✗ here it goes wrong</strong>' * event.diverged
    said = f'<span class="wire-who">{_line(who)}</span><span class="wire-what {_tone(event)}">{_told(event)}</span>'
    line = f'<span class="wire-say">{later}{said}{here}</span><span class="wire-arrow" aria-hidden="true"></span>'
    content = _content(event.what)
    held = f"<div>{line}</div>"
    if content:
        held = f"<details><summary>{line}</summary><pre>{_escaped(content)}</pre></details>"
    classes = f"{kind} diverged" if event.diverged else kind
    return f'<li class="{classes}" style="--from:{start};--to:{end}" data-at="{event.at_ms}">{held}</li>\n'


def _named(end: str) -> str:
    return f"the {end}" if end in (SERVER, WORKER) else end


def _told(event: WireEvent) -> str:
    """Return an event's words; a code is followed by what it means."""
    match = CODE.match(event.what)  # a text may hold such words; only what the test bed says begins with them
    meaning = _meaning(match[1], int(match[2])) if match else ""
    if not match or not meaning:
        return _line(event.what)
    rest = _line(event.what[match.end() :])
    return f"{match[0]} ({meaning})" + (rest if rest.startswith(",") else f" {rest}").rstrip()


def _meaning(of: str, code: int) -> str:
    if of != "HTTP":
        return CLOSE_CODES.get(code, "the application's own code" if 4000 <= code < 5000 else "")
    return HTTPStatus(code).phrase if code in set(HTTPStatus) else ""


def _tone(event: WireEvent) -> str:
    """Return how an event is coloured; its words say the same."""
    match = CODE.match(event.what)
    if match and match[1] == "HTTP":
        return {"2": "good", "3": "plain", "4": "refused", "5": "bad"}.get(match[2][0], "plain")
    if match:
        return {"1000": "good", "1001": "good", "1005": "plain"}.get(match[2], "refused" if match[2] > "3" else "bad")
    if event.arrow == "←" and event.what.startswith("accepted"):
        return "good"
    return "bad" if event.what in BROKEN or event.what.startswith("error:") else "plain"


def _content(what: str) -> str:
    """Return what a frame holds, laid out, where that says more than its line: JSON, and what the line has cut."""
    if CUT.search(what):
        return what
    start = what.find("{")
    if start < 0:
        return ""
    try:
        held = json.loads(what[start:])
    except ValueError:
        return ""
    laid_out = json.dumps(held, indent=2, ensure_ascii=False)
    return laid_out if "\n" in laid_out else ""


def _span(ms: int) -> str:
    return f"{ms / 1000:g} s" if ms >= 1000 else f"{ms} ms"


def _line(text: str) -> str:
    # Markdown reads `&` and `<` in raw HTML as HTML does; a text that a student wrote must not become more than text.
    return escape(clean_line(text, 400)) + " " * text.endswith(" ")


def _escaped(text: str) -> str:
    return escape(clean(text)).replace("\n\n", "\n \n")
