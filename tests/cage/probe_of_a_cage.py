"""Asks in a cage what has got out of it, or is not in it that must be: `python probe_of_a_cage.py FACTS`."""

import ctypes
import functools
import grp
import json
import os
import pwd
import re
import resource
import socket
import sys
from pathlib import Path

FACTS = json.loads(sys.argv[1])
CHANGES_USERS = 0b111 << 6  # CAP_SETGID, CAP_SETUID, CAP_SETPCAP


def rights(kind: str, pid: object = "self") -> int:
    return int(re.search(rf"{kind}:\s*(\w+)", Path(f"/proc/{pid}/status").read_text())[1], 16)


def room(folder: str) -> "list[int]":
    disk = os.statvfs(folder)
    return [disk.f_blocks * disk.f_frsize, disk.f_files]


def is_shared(kind: str) -> bool:
    return str(Path(f"/proc/self/ns/{kind}").readlink()) == FACTS["namespaces"][kind]


def is_unlimited(name: str, most: int) -> bool:
    return resource.getrlimit(getattr(resource, f"RLIMIT_{name}")) != (most, most)


def is_missing(path: str) -> bool:
    return not os.access(path, os.R_OK)


QUESTIONS = {
    "other processes": lambda: os.getpid() > 9,
    "queues that others share": lambda: is_shared("ipc"),
    "the name of the machine": lambda: socket.gethostname() != "cage",
    "where the machine counts it": lambda: is_shared("cgroup"),
    "the terminal": lambda: os.getsid(0) == 0,
    "system calls": lambda: ctypes.CDLL(None).shmget(0, 4096, 0o1600) >= 0,
    "who it is outside": lambda: os.getuid() in FACTS["users"] or os.getgid() in FACTS["users"],
    "groups": lambda: set(os.getgroups()) - {os.getgid(), 65534},
    "its name": lambda: pwd.getpwuid(os.getuid())[0] != "student" or grp.getgrgid(os.getgid())[0] != "student",
    "its rights": lambda: any(rights(kind) for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")),
    "rights of process 1": lambda: rights("CapEff", 1) & ~CHANGES_USERS,
    "new privileges": lambda: rights("NoNewPrivs") != 1,
    "a user namespace": lambda: FACTS["may not nest"] and ctypes.CDLL(None).unshare(0x10000000) == 0,
    "a root to write in": lambda: not os.statvfs("/").f_flag & os.ST_RDONLY,
    "a /dev to write in": lambda: not os.statvfs("/dev").f_flag & os.ST_RDONLY,
    "a runtime to write in": lambda: not all(os.statvfs(path).f_flag & os.ST_RDONLY for path in FACTS["read-only"]),
    "room": lambda: [room("/tmp"), room("/dev/shm")] != [FACTS["room"]] * 2,
    "no copy": lambda: str(Path.cwd()) != FACTS["home"] or not os.access(".", os.W_OK),
    "no devices": lambda: is_missing("/dev/null"),
    **{name: functools.partial(is_unlimited, name, most) for name, most in FACTS["limits"].items()},
    **{f"no {path}": functools.partial(is_missing, path) for path in FACTS["seen"]},
}


def answer(question: object) -> bool:
    try:
        return bool(question())
    except (OSError, KeyError):
        return True  # what it needs to answer is missing


sys.stdout.write(json.dumps([name for name, question in QUESTIONS.items() if answer(question)]))
