"""One change of a text, and the mutant that it makes of a lesson's solution."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Change:
    """The characters from `start` to `end` give way to `new`; `what` says in words what that is."""

    start: int
    end: int
    new: str
    what: str

    def apply(self, text: str) -> str:
        """Return the text with this change made."""
        return text[: self.start] + self.new + text[self.end :]


@dataclass(frozen=True)
class Mutant:
    """A solution in which one file is changed in one place."""

    file: str
    change: Change
    original: str = field(repr=False)

    @property
    def text(self) -> str:
        """Return what the file holds."""
        return self.change.apply(self.original)

    @property
    def line(self) -> int:
        """Return the line in which the change begins."""
        return self.original.count("\n", 0, self.change.start) + 1

    @property
    def what(self) -> str:
        """Say what was changed."""
        return self.change.what

    @property
    def place(self) -> str:
        """Return file and line, as an editor opens them."""
        return f"{self.file}:{self.line}"

    @property
    def diff(self) -> str:
        """Return the lines that differ, before and after."""
        before, after = self.original.splitlines(), self.text.splitlines()
        lines = list(difflib.unified_diff(before, after, n=0, lineterm=""))[2:]
        return "\n".join(line for line in lines if not line.startswith("@@") and line.strip() not in ("-", "+"))
