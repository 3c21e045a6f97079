"""Where the command line prints: two consoles that no terminal and no pipe can upset."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper

from rich.console import Console


class PipeSafeConsole(Console):
    """A console that goes on in silence when nobody reads any more, as after `… | head -1`."""

    def on_broken_pipe(self) -> None:
        """Throw away what else is printed; the run and its exit code still count."""
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


for name in ("COLUMNS", "LINES"):  # a size that is none, as a window without one has it, would leave no room to print
    if not os.environ.get(name, "1").isdecimal() or not int(os.environ.get(name, "1")):
        del os.environ[name]

out = PipeSafeConsole(highlight=False, soft_wrap=False)
err = PipeSafeConsole(stderr=True, highlight=False)


def take_any_character() -> None:
    """Let an output that knows no ✓ show a ? instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
