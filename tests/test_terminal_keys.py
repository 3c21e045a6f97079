"""Keys as they come from a terminal."""

from __future__ import annotations

import os
import sys

import pytest

from course.watch import terminal_keys as keys_module
from course.watch.terminal_keys import keys


@pytest.mark.skipif(os.name == "nt", reason="reads a POSIX terminal")
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (b"h", ["h"]),
        (b"qq", ["q", "q"]),
        (b"\x1b[A\x1b[Bn", ["up", "down", "n"]),
        (b"\x1b[5~\r\x1b", ["page up", "enter", "escape"]),
        (b"\x04", ["q"]),
        ("é".encode(), ["é"]),
    ],
)
def test_what_is_typed_comes_key_by_key(monkeypatch: pytest.MonkeyPatch, typed: bytes, expected: list[str]) -> None:
    """Several keys that arrive at once are told apart, and arrows have names."""
    reader, writer = os.pipe()
    os.write(writer, typed)
    os.close(writer)
    with os.fdopen(reader) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        monkeypatch.setattr(keys_module, "_read_posix", lambda: os.read(reader, 64).decode())
        heard = list(keys())

    assert heard == expected
