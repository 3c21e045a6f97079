"""Makes a text harmless that a submission can influence, wherever it goes: a terminal, a spreadsheet, a page.

Each format then adds what it alone needs: a quote before a formula, the escapes of HTML or of Markdown.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any, TypeVar

from course.results import Report, WireEvent

T = TypeVar("T")
MOST_CHARACTERS = 2000
MOST_EVENTS = 200  # of one transcript: a page that floods its socket must not flood the report
UNKNOWN = "\ufffd"

# Sequences that drive a terminal: CSI, then OSC and its kin with all that they hold, then any other.
ESCAPE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]?")
# Controls but tab and line end, marks that turn the direction of writing, lines' ends that are none, half surrogates
# and the characters that XML can't hold.
HARMFUL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&:])")


def printable(text: str) -> str:
    """Return a text without what drives a terminal, turns its direction, or is no character at all."""
    return HARMFUL.sub(UNKNOWN, ESCAPE.sub("", text).replace("\r", ""))


def clean(text: str, most: int = MOST_CHARACTERS) -> str:
    """Return a text as `printable` does, cut in its middle where it is long: its beginning and its end tell most."""
    text = printable(text)
    left_out = len(text) - most
    if left_out <= 0:
        return text
    mark = f"\n… {left_out} characters left out …\n"
    room = max(most - len(mark), 0)
    return text[: room - room // 2] + mark + text[len(text) - room // 2 :]


def clean_line(text: str, most: int = 200) -> str:
    """Return a text as one line: a name, a reason."""
    line = " ".join(printable(text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def clean_report(report: Report) -> Report:
    """Return a report in which every text is clean, and no transcript is endless."""
    return _cleaned(report)


def csv_cell(value: object) -> str:
    """Return a value as a spreadsheet may show it: what it would take for a formula begins with a quote."""
    text = str(value)
    is_formula = len(text) > 1 and text.startswith(FORMULA) and not isinstance(value, int | float)
    return f"'{text}" if is_formula else text


def markdown(text: str) -> str:
    """Return a line in which nothing has a meaning of its own to Markdown or HTML."""
    return MARKDOWN.sub(r"\\\1", clean_line(text, MOST_CHARACTERS))


def fenced(text: str) -> str:
    """Return a text as a Markdown block of code that nothing in it can end."""
    ticks = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, ticks + 1)
    return f"{fence}text\n{text}\n{fence}"


def _cleaned(value: T) -> T:
    """Clean every text in a value of our data classes."""
    found: Any = value
    if isinstance(value, str):
        found = clean(value)
    elif isinstance(value, tuple):
        found = tuple(_cleaned(part) for part in _shortened(value))
    elif isinstance(value, dict):
        found = {clean(key): _cleaned(part) for key, part in value.items()}
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: _cleaned(getattr(value, field.name)) for field in dataclasses.fields(value)}
        found = dataclasses.replace(value, **parts)
    return found  # type: ignore[no-any-return]  # it is of the type that came in


def _shortened(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    """Leave out the middle of an endless transcript: how it began and how it ended tell most."""
    half = MOST_EVENTS // 2
    is_long = len(parts) > MOST_EVENTS and isinstance(parts[0], WireEvent)
    return (*parts[:half], *parts[-half:]) if is_long else parts
