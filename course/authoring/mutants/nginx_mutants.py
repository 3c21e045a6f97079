"""All changes of a configuration of nginx."""

from __future__ import annotations

import re
from collections.abc import Iterator

from course.authoring.mutants.change import Change

COMMENT = re.compile(r"(?<!\S)#[^\n]*")
STATEMENT = re.compile(r"(?<=[;{}])\s*(?P<whole>[^;{}\s](?:\$\{\w+\}|[^;{}])*;)")
BLOCK = re.compile(r"(?P<whole>(?:location|map|upstream)\b[^{};]*\{(?:\$\{\w+\}|[^{}])*\})")
NUMBER = re.compile(r"(?<![\w.$])\d+(?![\w.])")


def nginx_changes(text: str) -> Iterator[Change]:
    """Yield the changes: a directive or a block removed, a number changed by one."""
    code = COMMENT.sub(lambda found: " " * len(found[0]), text)
    for kind, pattern in (("directive", STATEMENT), ("block", BLOCK)):
        # What stands before the first bracket or semicolon is a statement too.
        for found in pattern.finditer(";" + code):
            start, end = found.span("whole")
            yield Change(start - 1, end - 1, "", f"a {kind} removed")
    for number in NUMBER.finditer(code):
        yield Change(*number.span(), f"{int(number[0]) + 1}", "a number raised by one")
        if int(number[0]):
            yield Change(*number.span(), f"{int(number[0]) - 1}", "a number lowered by one")
