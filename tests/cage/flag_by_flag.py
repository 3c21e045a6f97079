"""Makes a cage, and one without each flag of its command line; tells as JSON what gets out of each of them.

A flag is a group of arguments, of bubblewrap or of what runs first inside. The key "" stands for the whole cage.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from course.testbed.cage import bubblewrap, namespaces
from course.testbed.cage.bubblewrap import Group
from course.testbed.cage.cage import Cage
from course.testbed.cage.usage import descendants
from course.testbed.deadlines import comes_true
from course.testbed.processes.environment import python
from course.testbed.processes.process import Process

PROBE = Path(__file__).with_name("probe_of_a_cage.py").read_text(encoding="utf-8")
SYSTEM = ("/bin", "/sbin", "/lib", "/lib64")
ALONE_S = 5.0  # within which a busy machine ends what is to end
BEHIND_SECCOMP = ("--unshare-user",)  # what keeps in what the filter keeps in too, where a machine has one
LIMITS = {"DATA": "data_bytes", "FSIZE": "file_bytes", "NOFILE": "open_files", "CPU": "process_cpu_s"}


def main() -> None:
    """Make all cages in one process, one after another."""
    outside = {kind: str(Path(f"/proc/self/ns/{kind}").readlink()) for kind in ("ipc", "cgroup")}
    namespaces.enter()
    flags: list[Group] = []
    with changed(lambda group: flags.append(spelled(group)) or group):
        told = {"": what_gets_out(outside)}
    for flag in dict.fromkeys(filter(is_flag, flags)):
        left_out = {flag[0], "--seccomp"} if flag[0] in BEHIND_SECCOMP else set()
        with changed(
            lambda group, flag=flag, more=left_out: () if spelled(group) == flag or group[0] in more else group
        ):
            told[" ".join(flag)] = what_gets_out(outside)
    with changed(lambda group: ("--bind", *group[1:]) if group[0] == "--ro-bind" else group):
        told["ro of --ro-bind"] = what_gets_out(outside)
    sys.stdout.write(json.dumps(told))


@contextmanager
def changed(change: Callable[[Group], Group]) -> Iterator[None]:
    """Let the next cages be made of other groups of arguments, or of fewer where nothing is left of one."""
    before = bubblewrap.groups, bubblewrap.steps_inside

    def with_change(make: Callable[..., list[Group]]) -> Callable[..., list[Group]]:
        return lambda *given: [other for group in make(*given) if (other := change(group))]

    bubblewrap.groups, bubblewrap.steps_inside = map(with_change, before)
    yield
    bubblewrap.groups, bubblewrap.steps_inside = before


def is_flag(group: Group) -> bool:
    return group[0].startswith("--") and group != ("--",)


def spelled(group: Group) -> Group:
    """Return a flag without the names of folders that each cage has of its own."""
    return tuple(word for word in group if "/course-" not in word)


def what_gets_out(outside: dict[str, str]) -> list[str]:
    """Return what a probe in a cage has found, or that it could not be run there, and whether a cage outlives us."""
    with closing(Cage()) as cage:
        process = Process(python("-c", PROBE, json.dumps(facts(cage, outside))), cwd=cage.home, spawn=cage.spawn)
        process.wait(20)
        process.kill()
        alone = ["life without its supervisor"] if lives_alone(cage) else []
        try:
            return [*json.loads(process.output), *alone]
        except ValueError:
            return [f"no program runs in it: {process.output[-200:]}", *alone]


def lives_alone(cage: Cage) -> bool:
    """Kill the supervisor of a program in a cage with -9, and tell whether the program lives on."""
    program = cage.spawn(["sh", "-c", "echo runs; sleep 60"], cage.home, None)
    assert program.stdout
    if not program.stdout.readline().startswith(b"runs"):
        return False
    inside = list(descendants(program.pid))
    program.send_signal(signal.SIGKILL)
    program.wait()
    if comes_true(lambda: not any(map(is_running, inside)), ALONE_S):
        return False
    for pid in filter(is_running, inside):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return True


def is_running(pid: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def facts(cage: Cage, outside: dict[str, str]) -> dict[str, object]:
    limits = {name: getattr(cage.limits, field) for name, field in LIMITS.items()}
    runtime = [str(path) for path in bubblewrap.runtime()]
    etc = [f"/etc/{name}" for name in bubblewrap.SETTINGS]
    return {
        "namespaces": outside,
        "users": [os.getuid()],
        "may not nest": True,
        "read-only": runtime,
        "room": [cage.limits.scratch_bytes, cage.limits.scratch_files],
        "home": str(cage.home),
        "limits": limits | {"NPROC": 2 * cage.limits.processes, "CORE": 0},
        "seen": [path for path in (*runtime, *SYSTEM, *etc) if Path(path).exists()],
    }


if __name__ == "__main__":
    main()
