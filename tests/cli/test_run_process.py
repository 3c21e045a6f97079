"""`run` serves a lesson, and builds its client, until it is interrupted."""

from __future__ import annotations

import os
import re
import signal
import socket
import time
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from course.testbed.deadlines import comes_true, deadline_s
from course.testbed.processes.ports import free_port
from course.testbed.tools import node
from tests.conftest import Clone, started

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX processes and terminals")


@posix
def test_run_serves_the_lesson_until_it_is_interrupted(shared_clone: Clone) -> None:
    """`run` tells its address once it answers there, shows the server's lines, and ends with everything on Ctrl-C."""
    port = free_port()
    command = [*shared_clone.command, "run", "02", "--solution", "--port", str(port)]
    with started(command) as process:
        assert process.stdout
        told = ""
        while f"02_sync_echo at http://127.0.0.1:{port}/" not in told:
            line = process.stdout.readline().decode()
            assert line, told
            told += line
        with urlopen(f"http://127.0.0.1:{port}/") as answer:  # at once
            page = answer.read().decode()
        process.send_signal(signal.SIGINT)
        code = process.wait(deadline_s(15))
        told += process.stdout.read().decode()

    assert "echoes" in page
    assert code == 0
    assert re.search(r"web    │ .*Starting ASGI/Daphne", told)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port))


@posix
@pytest.mark.skipif(node.find() is None, reason="there is no Node")
def test_run_builds_the_client_at_each_save(clone: Clone) -> None:
    """`run 16` gets the packages where an editor looks for them, builds, and builds anew when a file is saved."""
    port = free_port()
    client = clone.root / "lessons" / "16_rxjs_client" / "client"
    with started([*clone.command, "run", "16", "--port", str(port)]) as process:
        assert comes_true((client / "dist" / "main.js").is_file, 50)  # npm fetches packages first
        until_it_answers(port)
        main = client / "src" / "main.ts"
        main.write_text(main.read_text() + 'document.title = "saved";\n')
        assert comes_true(lambda: 'document.title = "saved"' in (client / "dist" / "main.js").read_text(), 10)
        process.send_signal(signal.SIGINT)
        code = process.wait(deadline_s(15))
        told = process.stdout.read().decode() if process.stdout else ""

    assert code == 0
    assert "build  │ npm gets the client's packages" in told
    assert re.search(r"build  │ .*build finished", told)
    assert (client / "node_modules" / "rxjs").is_dir()


def until_it_answers(port: int) -> str:
    until = time.monotonic() + deadline_s(20)
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/") as answer:
                return str(answer.read().decode())
        except URLError:
            assert time.monotonic() < until
            time.sleep(0.02)  # neither Django nor Daphne says when the port is open
