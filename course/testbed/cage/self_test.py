"""Proves that a cage holds before anything is put in it: `python -m course.testbed.cage.self_test FILE PORT`.

A probe looks for a file, a port, a variable and a process that must be out of reach, and for rights that it must not
have. Once it is run without a cage, where it has to find the first four: a probe that finds nothing proves nothing.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import sys
import tempfile
from pathlib import Path

from course.testbed.cage import namespaces
from course.testbed.cage.cage import Cage
from course.testbed.deadlines import deadline_s
from course.testbed.processes.environment import python
from course.testbed.processes.process import Process, run_to_end
from course.testbed.tools.bubblewrap_install import NoCage

VARIABLE = "CANARY_OF_THE_COURSE"
UNITS = 20.0
REACHED, HELD, ALL = "REACHED ", "HELD", 99
CANARIES = ("a file outside", "a port outside", "a variable outside", "a process outside")
PROBE = """
import ctypes, os, pathlib, re, socket, sys
file, port, variable, pid, course, most = sys.argv[1:]
def reads(): return open(file).read()
def connects(): return not socket.create_connection(("127.0.0.1", int(port)), 1).close()
def sees(): return variable in os.environ
def signals(): return os.kill(int(pid), 0) is None
def lists(): return os.listdir(course)
def writes(): return os.open("/written", os.O_CREAT | os.O_WRONLY)
def changes(): return os.open("/usr/written", os.O_CREAT | os.O_WRONLY)
def devices(): return os.open("/dev/written", os.O_CREAT | os.O_WRONLY)
def may(): return int(re.search(r"CapEff:\\s*(\\w+)", open("/proc/self/status").read())[1], 16)
def gains(): return "NoNewPrivs:\\t1" not in open("/proc/self/status").read()
def nests(): return ctypes.CDLL(None).unshare(0x10000000) == 0
def traces(): return ctypes.CDLL(None, use_errno=True).ptrace(0, 0, 0, 0) == 0
asked = {
    "a file outside": reads, "a port outside": connects, "a variable outside": sees, "a process outside": signals,
    "the course's files": lists, "the root folder to write in": writes, "/usr to write in": changes,
    "/dev to write in": devices, "capabilities": may, "new privileges": gains, "a namespace of its own": nests,
    "ptrace": traces,
}
for name, question in list(asked.items())[: int(most)]:
    try:
        answer = question()
    except OSError:
        answer = False
    if answer:
        print("REACHED " + name)
print("HELD")
"""


def prove() -> None:
    """Make a cage in a process of its own and try to get out of it; raise NoCage where it can't be made or is open."""
    with socket.create_server(("127.0.0.1", 0)) as listener, tempfile.NamedTemporaryFile() as canary:
        canary.write(secrets.token_hex(8).encode())
        canary.flush()
        facts = [canary.name, str(listener.getsockname()[1])]
        env = {**os.environ, VARIABLE: secrets.token_hex(8)}
        ask = python("-P", "-m", __name__, *facts)
        code, said = run_to_end(ask, deadline_s(UNITS), cwd=Path(__file__).parents[3], env=env)
    if code:
        raise NoCage(*_told(said))


def main() -> int:
    """Find what a probe reaches without a cage, then in one; tell what is wrong, and return whether anything is."""
    uncaged = _reached(None)
    blind = [name for name in CANARIES if name not in uncaged]
    try:
        namespaces.enter()
        cage = Cage()
    except OSError as error:
        return _tell(f"The kernel does not allow it: {error}")
    try:
        reached = _reached(cage)
    finally:
        cage.close()
    if blind:
        return _tell(f"The probe is of no use: without a cage it did not find {', '.join(blind)}.")
    return _tell(f"It is open to {', '.join(sorted(reached))}.") if reached else 0


def _reached(cage: Cage | None) -> set[str]:
    facts = [*sys.argv[1:], VARIABLE, str(os.getpid()), str(Path(__file__).parent), str(ALL if cage else len(CANARIES))]
    folder = cage.home if cage else Path(tempfile.gettempdir())
    probe = Process(python("-c", PROBE, *facts), cwd=folder, spawn=cage.spawn if cage else None)
    probe.wait(deadline_s(UNITS / 2))
    probe.kill()
    lines = probe.output.splitlines()
    if HELD not in lines:
        return {f"nothing that can be told: {probe.output[-300:]}"}
    return {line.removeprefix(REACHED) for line in lines if line.startswith(REACHED)}


def _tell(wrong: str) -> int:
    sys.stdout.write(json.dumps(wrong) + "\n")
    return 1


def _told(said: str) -> tuple[str, str]:
    try:
        wrong = json.loads(said.strip().splitlines()[-1])
    except (ValueError, IndexError):
        wrong = said[-300:]
    hint = "Ubuntu from 24.04 on: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0. Then try again."
    return f"A cage for submissions can't be made here, or does not hold. {wrong}", hint


if __name__ == "__main__":
    sys.exit(main())
