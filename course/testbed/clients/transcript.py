"""What all clients said and heard, on one timeline."""

from __future__ import annotations

import copy
import itertools
import json
import threading
import time
from dataclasses import dataclass

from course.results import REDIS, SERVER, WireEvent, is_beside

LONGEST = 100
MOST_EVENTS = 40
ONE_OF_MANY = "Daphne 1"  # the server, where there are others


@dataclass
class _Entry:
    at: float
    who: str
    arrow: str
    what: str
    payload: object = None
    diverged: bool = False
    peer: str = ""


class Transcript:
    """A timeline that starts with its first event."""

    def __init__(self) -> None:
        """Begin an empty one."""
        self._entries: list[_Entry] = []
        self._lock = threading.Lock()
        self._peer = ""

    def toward(self, peer: str) -> Transcript:
        """Return this timeline as somebody writes on it whose server has a name of its own."""
        same = copy.copy(self)
        same._peer = peer
        return same

    def add(
        self,
        who: str,
        arrow: str,
        what: str,
        payload: object = None,
        *,
        diverged: bool = False,
        at: float | None = None,
        peer: str = "",
    ) -> None:
        """Write one event down; `payload` is what the check is handed, so that it can be found again.

        `diverged` marks it as the place where things went wrong. `at` is the moment by `time.monotonic`, where that
        is not now, and `peer` who is at the other end of the arrow, where that is not the server.
        """
        moment = time.monotonic() if at is None else at
        peer = (peer or self._peer) if arrow != "·" else ""
        with self._lock:
            self._entries.append(_Entry(moment, who, arrow, what, payload, diverged, peer))

    def mark(self, payload: object) -> bool:
        """Mark the event that handed out `payload` as the place where things went wrong."""
        with self._lock:
            for entry in reversed(self._entries):
                if entry.payload is payload and payload is not None:
                    entry.diverged = True
                    return True
        return False

    def read_as(self, payload: object, content: object) -> None:
        """Let `content` stand for `payload`: a check that is handed what a message says asks for that."""
        with self._lock:
            for entry in reversed(self._entries):
                if entry.payload is payload:
                    entry.payload = content
                    return

    def mark_last(self) -> None:
        """Mark the newest event."""
        with self._lock:
            if self._entries:
                self._entries[-1].diverged = True

    @property
    def last_at(self) -> float:
        """The moment of the newest event, by `time.monotonic`."""
        with self._lock:
            return max((entry.at for entry in self._entries), default=0.0)

    @property
    def waited_in_vain_until(self) -> float | None:
        """When somebody had waited long enough for what did not come; None where nobody did."""
        return next((entry.at for entry in self._entries if entry.diverged and entry.arrow == "·"), None)

    def was_told_after(self, moment: float) -> bool:
        """Tell whether a client has said something after a moment."""
        return any(entry.arrow == "→" and entry.peer != REDIS and entry.at > moment for entry in self._entries)

    def events(self) -> tuple[WireEvent, ...]:
        """Return the timeline; of a long one, its beginning and the part around the mark.

        What servers and workers did besides goes with the client's event before it, and does not count.
        """
        with self._lock:
            entries = sorted(self._entries, key=lambda entry: entry.at)
        places = [
            max(count - 1, 0)
            for count in itertools.accumulate(not is_beside(entry.who, entry.peer) for entry in entries)
        ]
        is_short = not places or places[-1] < MOST_EVENTS
        marked = next((place for place, entry in zip(places, entries, strict=True) if entry.diverged), len(entries))
        shown: list[WireEvent] = []
        left_out = 0
        has_others = any(entry.peer not in ("", REDIS) for entry in entries)
        for place, entry in zip(places, entries, strict=True):
            at_ms = round((entry.at - entries[0].at) * 1000)
            if is_short or place < 10 or abs(place - marked) <= 10:
                shown += [_gap(left_out, at_ms)] if left_out else []
                shown.append(_event(entry, at_ms, has_others=has_others))
                left_out = 0
            else:
                left_out += not is_beside(entry.who, entry.peer)
        return (*shown, _gap(left_out, at_ms)) if left_out else tuple(shown)


def _event(entry: _Entry, at_ms: int, *, has_others: bool) -> WireEvent:
    """Return an entry as it is shown: where there are several servers, the first has a name too."""
    who, peer = entry.who, entry.peer
    if has_others:
        who = ONE_OF_MANY if who == SERVER else who
        peer = peer or (ONE_OF_MANY if entry.arrow != "·" else "")
    return WireEvent(at_ms, who, entry.arrow, entry.what, entry.diverged, peer)


def _gap(events: int, at_ms: int) -> WireEvent:
    return WireEvent(at_ms, "", "·", f"({events} more events)")


def show(payload: object) -> str:
    """Return what a frame holds as one short line: JSON as it stands, for quotes inside quotes hide what it says."""
    if isinstance(payload, str) and payload.startswith(("{", "[")) and payload.isprintable():
        return _short(payload)
    return show_value(payload)


def show_value(value: object) -> str:
    """Return a value as one short line: text in quotes, bytes by their number and beginning."""
    if isinstance(value, bytes):
        dots = "…" if len(value) > 8 else ""
        return f"{len(value)} bytes {value[:8].hex(' ')}{dots}"
    try:
        text = json.dumps(value, ensure_ascii=False, default=repr)
    except (TypeError, ValueError):
        text = repr(value)  # keys that JSON does not know, or a circle
    return _short(text.encode("utf-8", "backslashreplace").decode())  # half of a surrogate pair can't be printed


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)"
