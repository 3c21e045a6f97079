"""The marks in a solution's files, and the two parts they tell apart.

The docs cut their listings by `--8<--` marks. A lesson's own part stands between `# own:` and `# end own`, in the
comment signs of its language. Where it takes the place of a guided line, that line follows `# own instead of:`.
"""

from __future__ import annotations

import itertools
import re

from course.errors import CourseError

SIGN = r"[ \t]*(?:#|//|/\*|<!--|\{#)[ \t]*"
BEGIN = re.compile(rf"^{SIGN}own(?::| instead of: (?P<line>.*?))(?:[ \t]*(?:\*/|-->|#\}}))?$")
END = re.compile(rf"^{SIGN}end own\b")
LISTING = "--8<--"


def without_marks(text: str) -> str:
    """Return a solution's text as a student would have written it, its own part included."""
    return _tidy(text, [line for line, is_mark, _ in _marked(text) if not is_mark and LISTING not in line])


def guided_part(text: str, *, listings: bool = False) -> str:
    """Return a solution's text without its own part; with `listings`, the marks of the docs stay."""
    kept: list[str] = []
    blanks: list[str] = []  # at the end of an own part they may part what is around it
    for line, is_mark, is_own in _marked(text):
        begin = BEGIN.match(line.rstrip("\n"))
        if begin and begin["line"]:
            kept.append(f"{line[: len(line) - len(line.lstrip())]}{begin['line']}\n")
        elif is_own:
            blanks = [] if line.strip() else [*blanks, line]
        elif is_mark:
            there = len(list(itertools.takewhile(lambda kept_line: not kept_line.strip(), reversed(kept))))
            kept, blanks = kept + (blanks[there:] if kept else []), []
        elif listings or LISTING not in line:
            kept.append(line)
    return _tidy(text, kept)


def own_part(text: str) -> list[str]:
    """Return the lines of a solution's own part."""
    return [line.rstrip("\n") for line, is_mark, is_own in _marked(text) if is_own and not is_mark]


def own_spans(text: str) -> list[range]:
    """Return where the lines of the own part begin and end, in characters."""
    spans, place = [], 0
    for line, _, is_own in _marked(text):
        if is_own:
            spans.append(range(place, place + len(line)))
        place += len(line)
    return spans


def _marked(text: str) -> list[tuple[str, bool, bool]]:
    """Return each line, whether it is a mark of the own part, and whether it lies inside one."""
    found, inside = [], False
    for line in text.splitlines(keepends=True):
        begins, ends = bool(BEGIN.match(line.rstrip("\n"))), bool(END.match(line))
        inside = (inside or begins) and not ends
        found.append((line, begins or ends, inside))
    if inside:
        raise CourseError("An own part begins in the solution and never ends.", "Close it with: # end own")
    return found


def _tidy(text: str, kept: list[str]) -> str:
    """Return the kept lines as a text; marks that are gone had blank lines of their own."""
    made = "".join(kept)
    return text if made == text else re.sub(r"\n{4,}", "\n\n\n", made).rstrip("\n") + "\n"
