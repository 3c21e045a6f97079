"""Debian's and Ubuntu's packages: apt-get, with each step said aloud."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from course.testbed.deadlines import deadline_s
from course.testbed.processes.process import run_to_end

LIMIT_UNITS = 600.0
OPTIONS = ("-q", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20", "-o", "Dpkg::Use-Pty=0")
STEP = re.compile(r"(Unpacking|Setting up) (\S+)|(E: .*)")
Say = Callable[[str], None]


def is_here() -> bool:
    """Tell whether this system has apt-get."""
    return sys.platform == "linux" and shutil.which("apt-get") is not None


def may_install() -> bool:
    """Tell whether apt-get is here, and ours to install with."""
    return is_here() and os.geteuid() == 0


def install(*packages: str, say: Say) -> bool:
    """Install packages, as root; tell whether it went well."""
    return get("install", "-y", "--no-install-recommends", *packages, say=say)


def get(*arguments: str, say: Say, folder: Path = Path("/")) -> bool:
    """Run apt-get in a folder; tell whether it went well."""
    say(f"  apt-get {' '.join(arguments)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}

    def told(line: str) -> None:
        step = STEP.match(line)
        if step:
            say(f"    {step[3] or f'{step[1]} {step[2]}'}")

    argv = ["apt-get", *OPTIONS, *arguments]
    code, _ = run_to_end(argv, deadline_s(LIMIT_UNITS), cwd=folder, env=env, on_line=told)
    if code != 0:
        say(f"  apt-get {arguments[0]} failed.")
    return code == 0
