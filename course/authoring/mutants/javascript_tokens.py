"""JavaScript and TypeScript cut into tokens: enough to know code from texts, comments and regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

SKIPPED = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
KINDS = (
    ("string", re.compile(r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL)),
    ("number", re.compile(r"0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?")),
    ("name", re.compile(r"[#A-Za-z_$][\w$]*")),
    # `>>` is no token here: in TypeScript two lists of types may end side by side.
    (
        "mark",
        re.compile(r"\.\.\.|[!=]==|\*\*=|\?\?=|&&=|\|\|=|=>|[!=<>+\-*/%]=|&&|\|\||\?\?|\?\.|\+\+|--|\*\*|.", re.S),
    ),
)
REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*")
BEFORE_REGEX = {"return", "typeof", "case", "in", "of", "await", "throw", "=>"}


@dataclass(frozen=True)
class Token:
    """One token: what it is (string, template, regex, number, name, mark), its text, and where that stands."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Return where its text is over."""
        return self.start + len(self.text)


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a source, without blanks and comments. A template is one token, whatever it holds."""
    at, before = 0, Token("mark", ";", 0)
    while True:
        skipped = SKIPPED.match(text, at)
        at = skipped.end() if skipped else at
        if at >= len(text):
            return
        before = _token(text, at, before)
        yield before
        at = before.end


def template_values(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where the `${…}` of a template begin and end."""
    at = start + 1
    while at < end - 1:
        if text[at] == "\\":
            at += 2
        elif text.startswith("${", at):
            closing = _value_end(text, at + 2)
            yield at, closing
            at = closing
        else:
            at += 1


def _token(text: str, at: int, before: Token) -> Token:
    if text[at] == "`":
        return Token("template", text[at : _template_end(text, at)], at)
    if text[at] == "/" and _may_begin_regex(before) and (regex := REGEX.match(text, at)):
        return Token("regex", regex[0], at)
    for kind, pattern in KINDS:
        if found := pattern.match(text, at):
            return Token(kind, found[0], at)
    raise AssertionError("a mark is any character")


def _may_begin_regex(before: Token) -> bool:
    if before.kind == "mark":
        return before.text not in (")", "]", "}")
    return before.text in BEFORE_REGEX


def _template_end(text: str, start: int) -> int:
    at = start + 1
    while at < len(text) and text[at] != "`":
        if text.startswith("${", at):
            at = _value_end(text, at + 2)
        else:
            at += 2 if text[at] == "\\" else 1
    return at + 1


def _value_end(text: str, at: int) -> int:
    depth, before = 1, Token("mark", "{", at)
    while depth and at < len(text):
        skipped = SKIPPED.match(text, at)
        before = _token(text, skipped.end() if skipped else at, before)
        depth += {"{": 1, "}": -1}.get(before.text, 0)
        at = before.end
    return at
