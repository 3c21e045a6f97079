"""Runs a piece of Python in a cage, in a process of its own: `python -P in_a_cage.py FACTS`, with FACTS as JSON.

`code` is what runs, `arguments` what it is given, `limits` what differs from the usual ones; `is_apart` is false where
it is to have no network of its own. It tells the exit code, the output and what was exceeded, as JSON.
"""

from __future__ import annotations

import json
import sys
from contextlib import closing

from course.testbed.cage import namespaces
from course.testbed.cage.cage import Cage
from course.testbed.cage.limits import Limits
from course.testbed.processes.environment import python
from course.testbed.processes.process import Process


def main() -> None:
    facts = json.loads(sys.argv[1])
    if not facts.get("is_apart", True):
        namespaces.NEW_NETWORK = 0
        namespaces._bring_loopback_up = lambda: None
    namespaces.enter()
    with closing(Cage(Limits(**facts.get("limits", {})))) as cage:
        process = Process(python("-c", facts["code"], *facts.get("arguments", [])), cwd=cage.home, spawn=cage.spawn)
        code = process.wait(20)
        process.kill()
        told = {"code": code, "output": process.output, "exceeded": cage.exceeded}
        sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
