"""Node and npm: where they are on this machine, and what they run in."""

from __future__ import annotations

import functools
import os
import re
import shutil
from dataclasses import dataclass

from course.errors import CourseError
from course.testbed.deadlines import deadline_s
from course.testbed.processes.process import run_to_end

LEAST = 20
VERSION_UNITS = 10.0
QUIET = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
HELP = f"Install Node {LEAST} or newer with its npm: https://nodejs.org/ (Debian: sudo apt-get install nodejs npm)."


@dataclass(frozen=True)
class Node:
    """A Node that is new enough, with its npm."""

    node: str
    npm: str
    version: str


class NoNode(CourseError):
    """There is no Node that is new enough, or npm can't get the packages; what needs them is skipped."""


@functools.cache
def find() -> Node | None:
    """Return the Node of this machine with its npm, None when there is none that is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        return None
    _, said = run_to_end([node, "--version"], deadline_s(VERSION_UNITS), env=environment())
    told = re.match(r"v((\d+)\.\d+\.\d+)", said)
    return Node(node, npm, told[1]) if told and int(told[2]) >= LEAST else None


def need() -> Node:
    """Return the Node of this machine, or raise NoNode."""
    found = find()
    if not found:
        raise NoNode(f"There is no Node {LEAST} or newer with npm here.", HELP)
    return found


def environment() -> dict[str, str]:
    """Return our environment, without what changes the words of Node's programs."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("NODE_", "FORCE_COLOR", "COURSE_"))}
    return env | {"NO_COLOR": "1"}
