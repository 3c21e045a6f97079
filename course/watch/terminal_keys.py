"""Single keys from a terminal, without Enter."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

ARROWS = {"\x1b[A": "up", "\x1b[B": "down", "\x1b[5~": "page up", "\x1b[6~": "page down", "\x1b": "escape"}
KEY = re.compile("\x1b\\[[0-9;]*[A-Za-z~]|.", re.DOTALL)  # an escape sequence, or one character
NAMES = {"\r": "enter", "\n": "enter", "\x03": "q", "\x04": "q"} | ARROWS


@contextmanager
def key_by_key() -> Iterator[None]:
    """Let the terminal hand out keys as they are pressed, unechoed; put it back as it was."""
    if os.name == "nt":
        yield  # msvcrt reads that way by itself
        return
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin)
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


@contextmanager
def line_by_line() -> Iterator[None]:
    """Let another program have the terminal as it is used to: with an echo, and line by line."""
    if os.name == "nt" or not sys.stdin.isatty():
        yield
        return
    import termios

    before = termios.tcgetattr(sys.stdin)
    usual = [*before[:3], before[3] | termios.ECHO | termios.ICANON, *before[4:]]
    termios.tcsetattr(sys.stdin, termios.TCSADRAIN, usual)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def keys() -> Iterator[str]:
    """Yield each key as it is pressed: a character, or a name such as "up" and "enter"; end with the input."""
    read = _read_windows if os.name == "nt" else _read_posix
    while text := read():
        for key in KEY.findall(text):
            yield NAMES.get(key, key)


def _read_posix() -> str:
    return os.read(sys.stdin.fileno(), 16).decode("utf-8", "replace")


def _read_windows() -> str:
    import msvcrt  # not tried: the course was not run on Windows

    text: str = msvcrt.getwch()  # type: ignore[attr-defined,unused-ignore]
    if text in ("\x00", "\xe0"):
        return {"H": "\x1b[A", "P": "\x1b[B", "I": "\x1b[5~", "Q": "\x1b[6~"}.get(msvcrt.getwch(), " ")  # type: ignore[attr-defined,unused-ignore]
    return text
