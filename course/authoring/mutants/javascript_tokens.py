"""JavaScript and TypeScript as far as an edit needs to know them: tokens, brackets in pairs, blocks, statements."""

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
OPENING, CLOSING = {"(", "[", "{"}, {")", "]", "}"}
ENDS_WITH_ITS_BLOCK = {"if", "for", "while", "switch", "do", "try", "function", "async", "class", "export"}
GOES_ON = {"else", "catch", "finally", "while"}
BEFORE_OBJECT = {"(", "[", ",", ":", "=", "?", "??", "||", "&&", "...", "return", "import", "export", "of", "??="}


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
    ends_a_value = before.text in (")", "]", "}") if before.kind == "mark" else before.text not in BEFORE_REGEX
    if text[at] == "/" and not ends_a_value and (regex := REGEX.match(text, at)):
        return Token("regex", regex[0], at)
    for kind, pattern in KINDS:
        if found := pattern.match(text, at):
            return Token(kind, found[0], at)
    raise AssertionError("a mark is any character")


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


@dataclass
class Frame:
    """A bracket that is open: where, what it holds, and where the statement begins that is being read in it."""

    opened: int
    kind: str  # "round", "square", "object", "block", "class"
    begun: int | None = None


class JavaScriptSource:
    """The tokens of a file, with the partner of each bracket, the blocks, and the statements in them."""

    def __init__(self, text: str) -> None:
        """Read the text."""
        self.text = text
        self.tokens = list(tokens(text))
        self.pairs: dict[int, int] = {}  # of tokens: opening bracket to closing one
        self.kinds: dict[int, str] = {}  # of each opening bracket
        self.statements: list[tuple[int, int]] = []  # first and last token
        self._read()

    def at(self, index: int) -> Token:
        """Return a token; beyond both ends there is a semicolon."""
        return self.tokens[index] if 0 <= index < len(self.tokens) else Token("mark", ";", len(self.text))

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return where the text of some tokens begins and ends."""
        return self.tokens[first].start, self.tokens[last].end

    def parts(self, opened: int) -> Iterator[tuple[int, int]]:
        """Yield first and last token of what stands between the commas in a pair of brackets."""
        first, at = opened + 1, opened + 1
        while at < self.pairs[opened]:
            if self.tokens[at].text == "," and at > first:
                yield first, at - 1
                first = at + 1
            at = self.pairs.get(at, at) + 1
        if first < self.pairs[opened]:
            yield first, self.pairs[opened] - 1

    def is_imported(self, opened: int) -> bool:
        """Tell whether a bracket holds the names of an import or an export."""
        return self.at(self.pairs[opened] + 1).text == "from"

    def stands_alone(self, index: int) -> bool:
        """Tell whether the chain in which a dot stands begins a statement, or what an arrow function does."""
        opening = {closed: opened for opened, closed in self.pairs.items()}
        while self.at(index - 1).kind == "name" or self.at(index - 1).text in {".", "?.", ")", "]"}:
            index = opening.get(index - 1, index - 1)
        return self.at(index - 1).text == "=>" or any(first == index for first, _ in self.statements)

    def _read(self) -> None:
        frames = [Frame(-1, "block")]
        for index, token in enumerate(self.tokens):
            is_mark = token.kind == "mark"
            if frames[-1].kind in ("block", "class") and frames[-1].begun is None and token.text not in CLOSING:
                frames[-1].begun = index
            if is_mark and token.text in OPENING:
                self.kinds[index] = self._kind(index, frames[-1])
                frames.append(Frame(index, self.kinds[index]))
            elif is_mark and token.text in CLOSING and len(frames) > 1:
                closed = frames.pop()
                self.pairs[closed.opened] = index
                if self._ends_a_statement(closed, frames[-1], index):
                    self._end(frames[-1], index)
            elif is_mark and token.text == ";" and frames[-1].kind in ("block", "class"):
                self._end(frames[-1], index)

    def _end(self, frame: Frame, index: int) -> None:
        if frame.begun is not None and frame.kind == "block":
            self.statements.append((frame.begun, index))
        frame.begun = None

    def _kind(self, index: int, frame: Frame) -> str:
        before, mark = self.at(index - 1), self.tokens[index].text
        if mark != "{":
            return "round" if mark == "(" else "square"
        if frame.begun is not None and self._is_class(frame, index):
            return "class"
        begins = self.tokens[frame.begun].text if frame.begun is not None else ""
        if begins == "import" or (before.text in BEFORE_OBJECT and before.kind != "string"):
            return "object"
        return "block"

    def _is_class(self, frame: Frame, index: int) -> bool:
        words = [token.text for token in self.tokens[frame.begun : index]]
        return "class" in words[:3] and "{" not in words

    def _ends_a_statement(self, closed: Frame, frame: Frame, index: int) -> bool:
        if closed.kind not in ("block", "class") or frame.begun is None:
            return False
        if frame.kind == "class":
            return self.at(index + 1).text != ";"
        begins = self.tokens[frame.begun].text
        return begins in {*ENDS_WITH_ITS_BLOCK, "{"} and self.at(index + 1).text not in GOES_ON
