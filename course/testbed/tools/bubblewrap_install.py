"""Where bubblewrap is, which cages are made of, and how it comes to a machine that has none."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from course.errors import CourseError
from course.testbed.deadlines import deadline_s
from course.testbed.processes.process import run_to_end
from course.testbed.tools import apt

HELP = "Install bubblewrap (Debian, Ubuntu: sudo apt-get install bubblewrap), then try again."
ELSEWHERE = "Cages are made on Linux. Elsewhere, grade in a virtual machine or a container that holds nothing else."
VERSION_UNITS = 10.0


class NoCage(CourseError):
    """There can be no cage on this machine, so nothing that is not trusted may run."""


def find() -> Path | None:
    """Return the bubblewrap of this machine, or None."""
    found = shutil.which("bwrap") if sys.platform == "linux" else None
    return Path(found) if found else None


def provide(say: apt.Say) -> Path:
    """Return bubblewrap; where it is missing, install it as root on Debian or Ubuntu, and `say` so.

    Raises NoCage when there is none.
    """
    if sys.platform != "linux":
        raise NoCage("There are no cages on this system.", ELSEWHERE)
    if not find() and apt.may_install():
        say("There is no bubblewrap here, which cages are made of. Getting it (once, some seconds).")
        if apt.get("update", say=say) and apt.install("bubblewrap", say=say):
            say(f"Ready: {find()}")
    found = find()
    if not found:
        raise NoCage("There is no bubblewrap here, so submissions can't be kept in a cage.", HELP)
    return found


def version_of(program: Path) -> str:
    """Return the version that bubblewrap tells, or an empty text when it does not run."""
    code, said = run_to_end([str(program), "--version"], deadline_s(VERSION_UNITS))
    told = re.search(r"bubblewrap (\S+)", said)
    return told[1] if told and code == 0 else ""
