"""nginx is found, got where it is missing, filled in as in its container, and ends with us."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from course.catalog.lessons import ROOT, find
from course.errors import NotStarted
from course.judging.session import run_checks
from course.testbed.clients.http import HttpClient
from course.testbed.deadlines import comes_true
from course.testbed.processes.ports import Reserved
from course.testbed.servers.nginx import Nginx, fill_in
from course.testbed.servers.production_environment import NAME
from course.testbed.tools import nginx_install as nginx
from course.testbed.tools.nginx_install import NoNginx

PROGRAM = nginx.find()
needs_nginx = pytest.mark.skipif(PROGRAM is None, reason="There is no nginx here.")
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
HELLO = 'server { listen 127.0.0.1:%d; return 200 "hello from %s"; }'
PARENT = """
import sys
from pathlib import Path
from course.testbed.servers.nginx import Nginx
site = Nginx(Path(sys.argv[1]), "server { listen 127.0.0.1:%d; return 204; }" % int(sys.argv[2]))
site.start()
print("up", site.folder, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def port() -> Iterator[int]:
    with closing(Reserved()) as reserved:
        yield reserved.number


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make it a machine without nginx; return what puts a program there."""
    (tmp_path / "bin").mkdir()
    for name in ("sh", "cp", "mkdir", "touch", "chmod"):
        (tmp_path / "bin" / name).symlink_to(f"/bin/{name}")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(nginx, "PLACES", ())
    monkeypatch.setattr(nginx, "UNPACKED", tmp_path / "state" / "nginx")
    monkeypatch.setattr(nginx, "FAILED", tmp_path / "state" / "no-nginx")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    def put(name: str, script: str) -> None:
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "bin" / name).chmod(0o755)

    return put


def test_variables_are_filled_in_as_in_the_container() -> None:
    """Those that are named, with and without braces; nginx's own stay as they are."""
    template = "listen ${PORT}; server $DAPHNE_1; set $host $http_upgrade; alias ${STATIC}/; $PORTAL"

    filled = fill_in(template, {"PORT": "80", "DAPHNE_1": "a:1", "STATIC": "/srv"})

    assert filled == "listen 80; server a:1; set $host $http_upgrade; alias /srv/; $PORTAL"


@needs_nginx
def test_it_serves_and_ends(port: int) -> None:
    """A configuration that is right is served until it is closed, and its folder goes with it."""
    assert PROGRAM
    site = Nginx(PROGRAM, HELLO % (port, "tea"))
    site.start()
    answer = HttpClient(f"http://127.0.0.1:{port}").get("/")
    site.close()

    assert (answer.status, answer.text) == (200, "hello from tea")
    assert not site.folder.exists()
    assert not _listens(port)


@needs_nginx
def test_what_is_wrong_is_told_with_its_line() -> None:
    """A configuration that nginx does not take is told in nginx's words, by the project's own file and line."""
    assert PROGRAM
    with closing(Nginx(PROGRAM, "server {\n    listen 127.0.0.1:1;\n    lissten 2;\n}", "site.conf.template")) as site:
        with pytest.raises(NotStarted, match=r'unknown directive "lissten" in site\.conf\.template:3'):
            site.start()


@needs_nginx
@linux
def test_nothing_is_left_when_we_are_killed(port: int) -> None:
    """After kill -9 of whoever started it, nginx and its workers are gone."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(PROGRAM), str(port)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert parent.stdout
    folder = parent.stdout.readline().decode().split()[1]
    came_up = comes_true(lambda: len(_living_in(folder)) >= 3, 5)  # its supervisor, nginx, and a worker of nginx
    parent.send_signal(signal.SIGKILL)
    parent.communicate()

    assert came_up
    assert comes_true(lambda: _living_in(folder) == [], 5)


def test_a_reserved_port_is_served_again_and_again(port: int) -> None:
    """Whoever asks with SO_REUSEADDR may listen on it, one after the other."""
    for _ in range(3):
        with socket.socket() as server:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind(("127.0.0.1", port))
            server.listen()

            assert _listens(port)


def test_nginx_is_unpacked_where_there_is_none(bare_machine: Callable[..., None]) -> None:
    """Debian's package is downloaded and unpacked, which is said aloud; a second time it is there."""
    bare_machine("apt-get", "touch nginx.deb")
    program = '#!/bin/sh\\necho "nginx version: nginx/1.22.1"'
    lay = f"mkdir -p $3/usr/sbin && printf '{program}' > $3/usr/sbin/nginx && chmod +x $3/usr/sbin/nginx"
    bare_machine("dpkg-deb", lay)
    said: list[str] = []
    found = nginx.provide(said.append)

    assert nginx.version_of(found) == "1.22.1"
    assert "  apt-get download nginx" in said
    assert nginx.provide(said.append) == found
    assert said[-1] == f"Ready: {found}"


def test_where_there_is_no_way_it_is_said_once_an_hour(bare_machine: Callable[..., None]) -> None:
    """Without a package the reason comes with a remedy, and the next run does not try again."""
    bare_machine("apt-get", "exit 100")
    bare_machine("dpkg-deb", "exit 1")
    said: list[str] = []
    with pytest.raises(NoNginx) as first:
        nginx.provide(said.append)
    attempts = len(said)
    with pytest.raises(NoNginx) as second:
        nginx.provide(said.append)

    assert "apt-get install nginx" in first.value.hint
    assert "less than an hour ago" in second.value.message
    assert len(said) == attempts
    assert "  apt-get update" not in said


def test_without_nginx_its_checks_are_skipped(bare_machine: Callable[..., None]) -> None:
    """A check that needs nginx is skipped with the reason, and so the lesson is not passed."""
    report = run_checks(find("17"), solved=True, only="test_a_foreign_page_is_refused")

    assert [check.status for check in report.checks] == ["skipped"]
    assert "There is no nginx here." in report.checks[0].reason
    assert not report.passed


def test_the_site_has_a_name_that_is_nobodys() -> None:
    """The name that checks use is one of those that are kept for examples."""
    assert NAME.endswith(".example")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _living_in(folder: str) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if folder in (path / "cmdline").read_text() or folder == str((path / "cwd").readlink()):
                found.append(int(path.name))
        except OSError:
            continue  # it ended meanwhile
    return found
