"""Runs a piece of Python in a cage, in a process of its own: `python -P in_a_cage.py FACTS`, with FACTS as JSON.

`code` is what runs, `arguments` what it is given, `without` the beginning of a group of bubblewrap's arguments that is
left out, `limits` what differs from the usual ones. It tells the exit code, the output and what was exceeded, as JSON.
"""

from __future__ import annotations

import json
import sys
from contextlib import closing

from course.testbed.cage import bubblewrap, namespaces, seccomp
from course.testbed.cage.cage import Cage
from course.testbed.cage.limits import Limits
from course.testbed.processes.environment import python
from course.testbed.processes.process import Process


def main() -> None:
    facts = json.loads(sys.argv[1])
    leave_out(facts.get("without", []))
    if "--network" in facts.get("without", []):
        namespaces.NEW_NETWORK = 0
        namespaces._bring_loopback_up = lambda: None
    namespaces.enter()
    with closing(Cage(Limits(**facts.get("limits", {})))) as cage:
        process = Process(python("-c", facts["code"], *facts.get("arguments", [])), cwd=cage.home, spawn=cage.spawn)
        code = process.wait(20)
        process.kill()
        told = {"code": code, "output": process.output, "exceeded": cage.exceeded}
        sys.stdout.write(json.dumps(told))


def leave_out(words: list[str]) -> None:
    """Let the next cages be made without the groups that begin so."""
    if not words:
        return
    if "--seccomp" in words:
        seccomp.DENIED = {}
    groups = bubblewrap.groups

    def fewer(profile: bubblewrap.Profile) -> list[tuple[str, ...]]:
        return [group for group in groups(profile) if not any(group[: len(w)] == w for w in wanted)]

    wanted = [tuple(word.split()) for word in words]
    bubblewrap.groups = fewer


if __name__ == "__main__":
    main()
