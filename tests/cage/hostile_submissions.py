"""Submissions of lesson 02 that attack the judge, their neighbours or the machine, each with what must come of it.

The code stands at the beginning of the project's asgi.py, before the solution or, where `solved` is false, the starter.
It knows more than an attacker would: where the class and the course are, which port and which socket to try, and whom
to kill. What it manages to do, it leaves in a file `/tmp/loot-…` of the machine, or as a connection to the canary.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Hostile:
    """An attack; `trouble` is part of what the report says is wrong, empty where nothing is."""

    name: str
    code: str
    solved: bool = True
    trouble: str = ""
    files: Mapping[str, str] = field(default_factory=dict)  # what it brings, or replaces
    late: bool = False  # the code stands at the end of the consumers, so what the server needs has been read


PRELUDE = """
REPORT = '{"schema": 1, "reports": []}'

def each(paths, what):
    for path in paths:
        try:
            what(path)
        except OSError:
            pass
"""

ATTACKS = (
    # Forging a result.
    Hostile("reads-the-judges-command", """
import glob
found = [open(p, "rb").read() for p in glob.glob("/proc/[0-9]*/cmdline")]
assert not any(b"--json" in line or b"grade" in line for line in found), "the judge is in sight"
"""),
    Hostile("kills-everybody", """
import os, signal
each([-1], lambda pid: os.kill(pid, signal.SIGKILL))
"""),
    Hostile("kills-its-parents", """
import os, signal
each([os.getppid(), 1, {judge}], lambda pid: os.kill(pid, signal.SIGKILL))
"""),
    Hostile("writes-to-every-descriptor", """
import os
each(range(3, 256), lambda fd: os.write(fd, REPORT.encode()))
""", solved=False, trouble="WebSocket"),
    Hostile("tells-another-port", """
import json, os, sys
token = open("/proc/self/cmdline").read().split("\\0")
token = next(word for word in token if len(word) == 16)
os.write(1, f"\\x1e{token}{json.dumps(dict(port={port}))}\\x1e\\n".encode())
import time; time.sleep(60)
""", trouble="WebSocket"),
    Hostile("tells-nonsense", """
import json, os, sys
token = next(word for word in open("/proc/self/cmdline").read().split("\\0") if len(word) == 16)
for told in ("[" * 100000, json.dumps(dict(port=-1, running="x", raised=[[1]], opened=10**30)), "{}", "null"):
    os.write(1, f"\\x1e{token}{told}\\x1e\\n".encode())
"""),
    Hostile("writes-a-report", """
import pathlib
each(["{results}", "{course}/report.json", "/tmp/report.json"], lambda p: pathlib.Path(p).write_text(REPORT))
""", solved=False, trouble="WebSocket"),
    # Reading and rewriting what is not its own.
    Hostile("reads-the-solutions", """
import pathlib
for path in ("{course}/solutions", "{course}/checks", "{course}/course/cli", "{class}", "{home}"):
    assert not pathlib.Path(path).exists(), path
"""),
    Hostile("rewrites-its-neighbours", """
import pathlib
each(["{class}/ana/config/asgi.py", "{class}/zoe/config/asgi.py"], lambda p: pathlib.Path(p).write_text("1/0"))
"""),
    Hostile("rewrites-the-runtime", """
import pathlib, sys, django
each([f"{sys.prefix}/lib/loot.pth", django.__file__, "/usr/loot", "/etc/loot", f"{sys.base_prefix}/loot"],
     lambda p: open(p, "a").write("1/0"))
"""),
    Hostile("leaves-loot", """
import os
each(["/tmp/loot-{mark}", "/var/tmp/loot-{mark}", "/dev/shm/loot-{mark}"], lambda p: open(p, "w").write("loot"))
"""),
    Hostile("follows-links", """
import os, pathlib
each(["{canary}", "{home}", "/proc/1/root/etc/shadow"], lambda p: pathlib.Path(p).exists() and 1/0)
here = pathlib.Path(__file__).parent
each(["/etc/passwd", "{canary}"], lambda p: os.symlink(p, here / f"link{abs(hash(p))}.py"))
"""),
    Hostile("calls-outside", """
import socket
each([("127.0.0.1", {port}), ("192.0.2.1", 80), ("169.254.169.254", 80)],
     lambda address: socket.create_connection(address, 0.2))
"""),
    Hostile("knocks-at-sockets", """
import socket
each(["\\0{abstract}", "/run/docker.sock", "/var/run/dbus/system_bus_socket"],
     lambda path: socket.socket(socket.AF_UNIX).connect(path))
"""),
    Hostile("looks-at-memory", """
import ctypes
libc = ctypes.CDLL(None)
assert libc.ptrace(16, {judge}, 0, 0) == -1 and libc.unshare(0x10000000) == -1
assert libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == -1 and libc.shmget(0, 1 << 30, 0o1600) == -1
"""),
    # Using up the machine.
    Hostile("takes-memory", "hoard = [bytearray(64 << 20) for _ in range(64)]", trouble="MemoryError"),
    Hostile("takes-memory-in-children", """
import os, time
for _ in range(8):
    if os.fork() == 0:
        hoard = b"x" * (300 << 20); time.sleep(60)
time.sleep(60)
""", trouble="more than 1024 MB of memory"),
    Hostile("forks-for-ever", """
import os, time
try:
    while True:
        if os.fork() == 0: time.sleep(60)
except OSError:
    time.sleep(60)
""", trouble="processes and threads"),
    Hostile("fills-the-disk", """
import os, time
try:
    for number in range(100): open(f"{os.getcwd()}/fill{number}", "wb").write(bytes(32 << 20))
except OSError:
    time.sleep(60)
""", trouble="more than 300 MB of files"),
    Hostile("fills-shared-memory", """
def fill(folder):
    for number in range(100): open(f"{folder}/fill{number}", "wb").write(bytes(8 << 20))
each(["/dev/shm", "/tmp"], fill)
"""),
    Hostile("writes-one-huge-file", """
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
each(["/tmp/huge"], lambda p: open(p, "wb").truncate(1 << 40))
"""),
    Hostile("floods-its-log", "while True: print('x' * 65536)", trouble="more than 16 MB to its log"),
    Hostile("opens-everything", """
kept = []
try:
    while True: kept.append(open("/dev/null"))
except OSError:
    kept.clear()
"""),
    Hostile("spins", "while True: pass", trouble="did not start within"),
    Hostile("stays-behind", """
import subprocess, sys
code = "import os, signal, time; signal.signal(15, signal.SIG_IGN); os.fork() or time.sleep(900)"
subprocess.Popen([sys.executable, "-c", code, "{mark}"], start_new_session=True)
"""),
    Hostile("stops-its-supervisor", """
import os, signal
each([os.getppid(), 1], lambda pid: os.kill(pid, signal.SIGSTOP))
"""),
)  # fmt: skip
