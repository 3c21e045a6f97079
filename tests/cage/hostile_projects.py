"""More hostile submissions of lesson 02: those that bring or change files, speak as a server, or are no project."""

from __future__ import annotations

import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from course.catalog.lessons import find
from course.project.scratch_copy import copy_tree
from tests.cage.hostile_submissions import Hostile
from tests.grading.test_taking_in import MANAGE, special, tar_of, zip_of

TOKEN = """
import json, os
token = next(word for word in open("/proc/self/cmdline").read().split("\\0") if len(word) == 16)
def tell(**facts): os.write(1, f"\\x1e{token}{json.dumps(facts)}\\x1e\\n".encode())
"""
ANSWERS = """
import itertools, socket
listener = socket.create_server(("127.0.0.1", 0))
tell(port=listener.getsockname()[1], opened=65535, running=0)
for answer in itertools.cycle(ANSWERS):
    caller, _ = listener.accept()
    try:
        caller.recv(100); caller.sendall(answer); caller.close()
    except OSError:
        pass
"""
CONSUMER = """
from channels.consumer import SyncConsumer
from channels.exceptions import StopConsumer
class EchoConsumer(SyncConsumer):
    def websocket_connect(self, event):
        self.send(dict(type="websocket.accept"))
    def websocket_receive(self, event):
        {does}
    def websocket_disconnect(self, event):
        raise StopConsumer()
CountConsumer = EchoConsumer
"""
WHATEVER = "\\x1b[2J\\x1b]0;loot\\x07\\u202e\\u0000\\ud800=1+1"  # what terminals, tables and encodings stumble over
LEAVES = "import os; os._exit(0)\n"
REPLACES = """
import os
for name in ("echo/consumers.py", "echo/routing.py", "config/settings.py", "manage.py", "db.sqlite3"):
    each([name], os.unlink)
    {instead}
"""


def echoes(does: str) -> dict[str, str]:
    return {"echo/consumers.py": CONSUMER.replace("{does}", does)}


PROJECTS = (
    # Forging a result.
    Hostile("brings-its-own-judge", "", solved=False, trouble="WebSocket", files={
        "conftest.py": LEAVES, "pytest.ini": "[pytest]\naddopts = -k nothing\n", "checks/conftest.py": LEAVES,
        "setup.cfg": "[tool:pytest]\naddopts = --collect-only\n", "report.json": '{"schema": 1, "reports": []}',
        "junit.xml": "<testsuites/>", "lesson.toml": "server = false\n",
    }),
    Hostile("patches-what-judges", """
import sys, _pytest.runner, websockets.asyncio.client
_pytest.runner.runtestprotocol = websockets.asyncio.client.connect = lambda *given, **named: True
sys.modules["course"] = sys.modules["course.judging"] = sys
""", solved=False, trouble="WebSocket"),
    Hostile("says-what-is-no-report", TOKEN + """
for port in (True, 1.5, -1, 10**30, "80", [], None): tell(port=port, opened=port, running=port)
tell(raised=dict(text=["x"], kind={}, path=None), ignored={}, late=[[]], killed=1, forbidden="\\ud800", left=2.5)
""", trouble="WebSocket"),
    Hostile("answers-no-handshake", TOKEN + """
PLACES = b"file:///etc/passwd", b"ws://[::1", b"\\xff"
ANSWERS = [b"HTTP/1.1 302 Found\\r\\nLocation: %b\\r\\n\\r\\n" % place for place in PLACES]
ANSWERS += [b"HTTP/1.1 abc\\r\\n\\r\\n", b"HTTP/9.9 101 \\xff\\r\\n\\r\\n", b"\\x00\\xff\\x1b[2J" * 99999]
ANSWERS += [b"HTTP/1.1 101 X\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: x\\r\\n\\r\\n"]
""" + ANSWERS, trouble="WebSocket"),
    # Spoiling what others, or we, read.
    Hostile("shadows-modules", "", files={
        "sitecustomize.py": LEAVES, "usercustomize.py": LEAVES, "loot.pth": LEAVES, "json.py": LEAVES,
        "course/__init__.py": LEAVES, "pytest.py": LEAVES,
    }),
    Hostile("takes-itself-away", "import shutil; shutil.rmtree('.', ignore_errors=True)", late=True,
            trouble="SyncConsumer"),
    Hostile("puts-pipes-in-its-place", REPLACES.format(instead="os.mkfifo(name)"), late=True, trouble="SyncConsumer"),
    Hostile("puts-links-in-its-place", REPLACES.format(instead="os.symlink('/etc/shadow', name)"), late=True,
            trouble="SyncConsumer"),
    Hostile("forbids-its-files", """
import os
for folder, _, files in os.walk(".", topdown=False):
    each([folder, *(os.path.join(folder, name) for name in files)], lambda path: os.chmod(path, 0))
""", late=True),
    Hostile("nests-folders", """
import os
top = os.getcwd()
for _ in range(3000): os.mkdir("d"); os.chdir("d")
os.chdir(top)
"""),
    Hostile("has-names-of-any-bytes", """
for number in range(50): open(b"\\xff\\x1b[2J\\n=1+1" + bytes([200 + number]) + b".py", "w").write("1/0")
"""),
    # Using up the machine.
    Hostile("takes-what-the-kernel-keeps", """
import ctypes
libc = ctypes.CDLL(None)
assert libc.semget(0, 32000, 0o1600) == libc.msgget(0, 0o1600) == -1
"""),
    Hostile("takes-names-of-files", """
for folder in ("/tmp", "/dev/shm"):
    each(range(10_001), lambda number: open(f"{folder}/loot{number}", "w").close())
import os
assert sum(len(os.listdir(folder)) for folder in ("/tmp", "/dev/shm")) < 20_000
"""),
    Hostile("takes-sockets", """
import os, socket, time
for _ in range(3):
    if os.fork() == 0:
        kept = [socket.socketpair() for _ in range(400)]; time.sleep(60)
time.sleep(60)
""", trouble="more than 2000 sockets"),
    # Its name lets it be judged beside ana; each session has its own share of the processor.
    Hostile("anna-starves-her-neighbours", """
import os
for _ in range(200):
    if os.fork() == 0:
        os.setsid()
        while True: pass
while True: pass
""", trouble="did not start within"),
    Hostile("leaves-its-core", """
import os
each([range(os.cpu_count())], lambda cores: os.sched_setaffinity(0, cores))
assert len(os.sched_getaffinity(0)) == 1
"""),
    Hostile("takes-threads", """
import threading, time
threading.stack_size(1 << 16)
for _ in range(400): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
time.sleep(60)
""", trouble="processes and threads"),
    Hostile("sends-without-end", "", trouble="Every text message", files=echoes(
        'while True: self.send(dict(type="websocket.send", text="x" * 10**6))')),
    Hostile("sends-one-huge-frame", "", files=echoes('self.send(dict(type="websocket.send", text="x" * 10**8))'),
            trouble="Every text message"),
    # Tricks on terminals and tables.
    Hostile("says-whatever", f"print('{WHATEVER}'.encode('utf-8', 'replace'))", trouble="Every text message",
            files=echoes(f'raise RuntimeError("{WHATEVER}")')),
    Hostile("closes-with-whatever", "", trouble="Every text message", files=echoes(
        'self.send(dict(type="websocket.close", code=4000, reason="\\x1b]0;loot\\x07\\u202e=1+1"))')),
    Hostile("echoes-whatever", "", trouble="Every text message", files=echoes(
        'self.send(dict(type="websocket.send", text="\\x1b[2J\\x1b]52;c;bG9vdA==\\x07\\u202e\\u0000=1+1"))')),
    # Poison for those who read its source, or wait for it.
    Hostile("is-too-deep-to-read", "", files={
        "echo/deep.py": f"x = {'[' * 5000}{']' * 5000}\n", "echo/minus.py": f"x = {'-' * 200_000}1\n",
        "echo/dots.py": f"x = a{'.a' * 300_000}\n", "echo/elifs.py": "if x: pass\n" + "elif x: pass\n" * 30_000,
    }),
    Hostile("is-too-much-to-read", "", files={
        "echo/large.py": "1,\n" * 700_000, "echo/number.py": f"x = {'9' * 900_000}\n", "echo/nul.py": "x = 1\0\n",
        "echo/coding.py": "# -*- coding: utf-7 -*-\nx = '+AGEA'\n",
    }),
    Hostile("is-no-manage-py", "", trouble="manage.py is not Python", files={"manage.py": f"x = {'-' * 200_000}1\n"}),
    Hostile("changes-its-process", """
import atexit, os, resource, signal, sys, threading, time
os.umask(0o777); os.environ["TZ"] = "Pacific/Kiritimati"; time.tzset(); os.nice(19)
sys.setrecursionlimit(100); sys.setrecursionlimit(5000); resource.setrlimit(resource.RLIMIT_NOFILE, (300, 300))
sys.settrace(lambda *given: None); threading.settrace(lambda *given: None)
for number in (signal.SIGHUP, signal.SIGUSR1, signal.SIGPIPE): signal.signal(number, signal.SIG_IGN)
atexit.register(time.sleep, 900); atexit.register(os._exit, 0)
"""),
    Hostile("stops-everybody", "import os, signal; each([-1], lambda pid: os.kill(pid, signal.SIGSTOP))"),
    Hostile("hangs-in-its-settings", "", files={"config/settings.py": "import time\nwhile True: time.sleep(1)\n"},
            trouble="did not start within"),
)  # fmt: skip


def leads_out(path: Path) -> None:
    zip_of(path, {"manage.py": MANAGE, "../../loot.py": b"1/0"})


def links_out(path: Path) -> None:
    copy_tree(find("02").starter, path)
    (path / "loot.py").symlink_to("/etc/passwd")


def holds_a_device(path: Path) -> None:
    tar_of(path, special("echo/loot.py", tarfile.CHRTYPE), manage_dot_py=MANAGE)


def links_hard(path: Path) -> None:
    tar_of(path, special("echo/loot.py", tarfile.LNKTYPE, "/etc/shadow"), manage_dot_py=MANAGE)


def is_a_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manage.py", MANAGE)
        with archive.open("bomb", "w", force_zip64=True) as bomb:
            for _ in range(230):
                bomb.write(bytes(1 << 20))


def differs_in_case(path: Path) -> None:
    zip_of(path, {"manage.py": MANAGE, "echo/views.py": b"", "Echo/views.py": b"1/0"})


def is_deep(path: Path) -> None:
    zip_of(path, {"manage.py": MANAGE, f"{'d/' * 45}x.py": b""})


def holds_a_pipe(path: Path) -> None:
    copy_tree(find("02").starter, path)
    os.mkfifo(path / "echo" / "pipe.py")


def is_two(path: Path) -> None:
    copy_tree(find("02").starter, path / "one")
    copy_tree(find("02").solution, path / "two")
    (path / "two" / "manage.py").write_bytes(MANAGE)


# The name of an entry, what makes it, and a part of the reason for which it is refused.
ENTRIES: tuple[tuple[str, Callable[[Path], None], str], ...] = (
    ("leads-out.zip", leads_out, "leads out of it"),
    ("links-out", links_out, "is a link to /etc/passwd"),
    ("holds-a-device.tar", holds_a_device, "neither a file nor a folder"),
    ("links-hard.tar.gz", links_hard, "is a link to /etc/shadow"),
    ("is-a-bomb.zip", is_a_bomb, "more than 200 MB"),
    ("differs-in-case.zip", differs_in_case, "differ in upper and lower case"),
    ("is-deep.zip", is_deep, "levels deep"),
    ("holds-a-pipe", holds_a_pipe, "neither a file nor a folder"),
    ("is-two", is_two, "2 projects"),
    ("=1+cmd|' \x1b[2J\n\u202etxt", links_out, "is a link to /etc/passwd"),
)
