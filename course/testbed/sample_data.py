"""Texts, names and numbers for the checks of one run."""

from __future__ import annotations

import random
import secrets


class SampleData:
    """Texts, names and rooms that no program can know beforehand, the same again for the same seed."""

    def __init__(self, seed: int | str, given: set[str] | None = None) -> None:
        """Begin the sequence of `seed`; it holds none of the words in `given`, where those that it gives are noted."""
        self._random = random.Random(seed)
        self._given = set() if given is None else given

    def word(self) -> str:
        """Return a pronounceable word of six letters that was not given before."""
        while True:
            word = "".join(self._random.choice("bdfgklmnprstv") + self._random.choice("aeiou") for _ in range(3))
            if word not in self._given:
                self._given.add(word)
                return word

    def text(self) -> str:
        """Return a short sentence."""
        return f"{self.word()} {self.word()} {self.number(10, 99)}"

    def bytes(self, length: int = 16) -> bytes:
        """Return `length` bytes that are not valid UTF-8."""
        return b"\xff" + self._random.randbytes(length - 1)

    def number(self, least: int, most: int) -> int:
        """Return a whole number from `least` to `most`."""
        return self._random.randint(least, most)


def new_seed() -> int:
    """Return a seed for a run; a report prints it, so that the run can be repeated."""
    return secrets.randbelow(10**6)
