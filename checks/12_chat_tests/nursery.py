"""A parent that has imported what tests of a chat import, and forks runs of pytest: `nursery.py SOCKET FORKSERVER`.

A new Python needs most of a second until it has found its first test, and there are twenty runs. What it does with its
arguments is what `python -m pytest` would do with them.
"""

import atexit
import importlib.util
import json
import multiprocessing.spawn
import multiprocessing.util
import os
import runpy
import socket
import sys
import threading
from pathlib import Path

PRELOAD = (  # no plugins of pytest: it wants to rewrite their asserts when it imports them itself
    "pytest",
    "_pytest.assertion.rewrite",
    "_pytest.junitxml",
    "_pytest.unraisableexception",
    "channels.testing",
    "django.test",
    "redis",
    "selenium.webdriver.chrome.service",
    "selenium.webdriver.chrome.webdriver",
    "selenium.webdriver.common.action_chains",
    "selenium.webdriver.support.expected_conditions",
    "selenium.webdriver.support.wait",
    "xml.etree.ElementTree",
)
STANDARD = (0, 1, 2)
MOST_FDS = 32
ABOVE = 512  # numbers of files that nobody has taken yet


def run_pytest(arguments):
    """Be what `python -m pytest …` would have been."""
    prepare_spawn()
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:] = [str(Path.cwd()), *filter(None, paths), *sys.path]
    sys.argv = ["pytest", *arguments]
    try:
        runpy.run_module("pytest", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if isinstance(end.code, int):
            leave(end.code)
        raise


def leave(code):
    """End as a forked process of multiprocessing does: to take all modules apart would cost 40 ms."""
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def prepare_spawn():
    """Fork a child that waits to be the first process that multiprocessing spawns: the live server.

    It has seen nothing of the tests, as a new Python, which needs half a second to be as far.
    """
    ours, its = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        be_spawned(its)
    its.close()
    waiting, start_anew = [pid], multiprocessing.util.spawnv_passfds

    def spawn(path, arguments, fds):
        if not waiting or "--multiprocessing-fork" not in arguments:
            return start_anew(path, arguments, fds)
        said = {"arguments": [os.fsdecode(part) for part in arguments], "cwd": str(Path.cwd()), "env": dict(os.environ)}
        socket.send_fds(ours, [b"."], [*STANDARD, *fds])
        ours.sendall(json.dumps(said | {"fds": [*STANDARD, *fds]}).encode())
        ours.close()
        return waiting.pop()

    multiprocessing.util.spawnv_passfds = spawn


def be_spawned(its):
    """Wait for the word, then be what `python -c "from multiprocessing.spawn import …"` would have been."""
    word, held, _, _ = socket.recv_fds(its, 1, MOST_FDS)
    said = b"".join(iter(lambda: its.recv(65536), b""))
    its.close()
    if not word or not said:
        os._exit(0)  # the tests have ended, and spawned nothing
    said = json.loads(said)
    for fd, wanted in zip([moved_up(fd) for fd in held], said["fds"], strict=True):
        os.dup2(fd, wanted)
        os.close(fd)
    os.chdir(said["cwd"])
    os.environ.clear()
    os.environ.update(said["env"])
    command = said["arguments"]
    sys.argv = ["-c", *command[command.index("-c") + 2 :]]
    exec(command[command.index("-c") + 1], {"__name__": "__main__"})


def moved_up(fd):
    """Give an open file a number that is nobody's, so that no other's is overwritten."""
    import fcntl

    high = fcntl.fcntl(fd, fcntl.F_DUPFD, ABOVE)
    os.close(fd)
    return high


def main():
    spec = importlib.util.spec_from_file_location("forkserver", sys.argv[2])  # what judges a class is a copy
    forkserver = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(forkserver)
    forkserver.main((*forkserver.PRELOAD, *PRELOAD), run_pytest)


if __name__ == "__main__":
    main()
