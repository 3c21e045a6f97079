"""The whole of a site as it runs for others: nginx before two Daphnes, on one Redis, with one database.

The project hands in `nginx.conf.template`. Its variables are filled in as nginx's own container image does it. Clients
come by the site's name, as they would with a DNS entry, over HTTPS, and from any address of this machine.
"""

from __future__ import annotations

import functools
import os
import re
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from course.errors import NotStarted, Unmet
from course.project.scratch_copy import PREFIX, files_of
from course.testbed.deadlines import comes_true
from course.testbed.processes.ports import Reserved
from course.testbed.processes.process import Spawn
from course.testbed.servers.nginx import Nginx, fill_in
from course.testbed.servers.site_from_outside import HERE, DaphneBehindProxy, SiteFromOutside
from course.testbed.servers.sites import Sites
from course.testbed.servers.tls_certificate import pem
from course.testbed.tools.nginx_install import HELP, NoNginx, find

TEMPLATE = "nginx.conf.template"
LOG_UNITS = 3.0
QUEUE_MAX, NO_ANSWER_S = 64, 0.2


class Topology(SiteFromOutside):
    """nginx before the project's Daphnes; checks reach the site by it, and stop and start what is behind it."""

    def __init__(
        self,
        project: Path,
        static: Path,
        complaint: Callable[[], str],
        daphnes: Sites,
        spawn: Spawn | None = None,
    ) -> None:
        """Prepare nginx for a project whose static files are in `static` once `complaint` has returned none.

        `spawn` starts nginx in another way than as a program of ours.

        Raises NoNginx where there is no nginx, NotStarted where the project has no configuration for it.
        """
        program = find()
        if program is None:
            raise NoNginx("There is no nginx here.", HELP)
        templates = [path for path in files_of(project) if path.name == TEMPLATE]
        if len(templates) != 1:
            raise NotStarted(f"The project holds {len(templates) or 'no'} {TEMPLATE}; there must be one.")
        template = templates[0].read_text(encoding="utf-8", errors="replace")
        self._complaint = complaint
        self._daphnes = daphnes
        self._reserved = [Reserved(), Reserved()]
        https, http = self._reserved
        super().__init__(https.number, http.number, HERE)
        self._home = tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-", dir=project.parent)
        self.static = static
        filled = fill_in(template, self._values([site.host for site in daphnes]))
        self.nginx = Nginx(program, filled, TEMPLATE, project.parent, spawn)

    def came_from(self, address: str) -> SiteFromOutside:
        """Return the site as somebody sees it who comes from another address of this machine, as 127.0.0.2.

        The check is skipped where the machine has no such address.
        """
        with socket.socket() as probe:
            try:
                probe.bind((address, 0))
            except OSError:
                import pytest

                pytest.skip(f"This machine is not {address} too (macOS: sudo ifconfig lo0 alias {address}).")
        return SiteFromOutside(self._ports["https"], self._ports["http"], address)

    @property
    def https_port(self) -> int:
        """The port at which nginx speaks HTTPS, which the template finds in HTTPS_PORT."""
        return self._ports["https"]

    @property
    def with_ports(self) -> SiteFromOutside:
        """The site as somebody sees it who has to write a port behind its name, as where 443 is taken."""
        return SiteFromOutside(self._ports["https"], self._ports["http"], HERE, names_ports=True)

    @property
    def daphnes(self) -> list[DaphneBehindProxy]:
        """The Daphnes, each to be asked as nginx asks it."""
        return [DaphneBehindProxy(site) for site in self._daphnes]

    def collects(self) -> None:
        """Wait until `manage.py collectstatic` is through.

        Raises Unmet when it found nothing to do its work with.
        """
        complaint = self._complaint()
        if complaint:
            raise Unmet("manage.py collectstatic fails.", got=complaint)

    def seen_as(self, mark: str) -> str:
        """Return the address from which a request has come, as the access log of a Daphne says; its path holds `mark`.

        Raises Unmet when no Daphne has heard of it.
        """
        line = re.compile(rf"^(\S+):\d+ - - \[.*{re.escape(mark)}", re.MULTILINE)
        found: list[str] = []

        def look() -> bool:
            found.extend(told[1] for site in self._daphnes for told in line.finditer(site.log))
            return bool(found)

        if not comes_true(look, LOG_UNITS):
            raise Unmet("No Daphne has written the request into its access log.", expected=mark)
        return found[0]

    def kill(self, number: int) -> None:
        """Kill a Daphne with -9."""
        self._daphnes.begin(number).stop()

    def stop(self, number: int) -> None:
        """Ask a Daphne to end, and wait until it is gone."""
        self._daphnes.begin(number).end()

    def start(self, number: int) -> None:
        """Start a Daphne that was stopped again, on its own port, and wait until it serves."""
        assert self._daphnes.restart(number).host

    @contextmanager
    def stand_in(self, number: int, says: str) -> Iterator[None]:
        """Let a small server answer every GET with this text in place of a Daphne that is gone.

        It is there in a moment, which a Daphne is not.
        """
        host, _, port = self._daphnes.begin(number).host.partition(":")
        with ThreadingHTTPServer((host, int(port)), functools.partial(_Saying, says)) as server:
            threading.Thread(target=server.serve_forever, name="stand-in", daemon=True).start()
            try:
                yield
            finally:
                server.shutdown()

    @contextmanager
    def answers_nothing(self, number: int) -> Iterator[None]:
        """Let nobody answer at the address of a Daphne that is gone, not even to refuse: its machine is off.

        The check is skipped where the machine refuses at once whatever a server has no room for.
        """
        host, _, port = self._daphnes.begin(number).host.partition(":")
        with ExitStack() as held, socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, int(port)))
            listener.listen(0)
            _fill_the_queue(host, int(port), held)
            yield

    def close(self) -> None:
        """End nginx."""
        self.nginx.close()
        self._home.cleanup()
        for port in self._reserved:
            port.close()

    def _values(self, hosts: list[str]) -> dict[str, str]:
        """Return what is filled in; the certificate is made here."""
        certificate = Path(self._home.name, "certificate.pem")
        certificate.write_bytes(pem())
        return {
            "LISTEN_HTTPS": f"{HERE}:{self._ports['https']}",
            "LISTEN_HTTP": f"{HERE}:{self._ports['http']}",
            "HTTPS_PORT": str(self.https_port),
            "TLS_CERTIFICATE": str(certificate),
            "TLS_KEY": str(certificate),
            "STATIC_ROOT": str(self.static),
            **{f"DAPHNE_{number}": host for number, host in enumerate(hosts, 1)},
        }


def _fill_the_queue(host: str, port: int, held: ExitStack) -> None:
    """Connect to somebody who accepts nobody, until the system has no more room and drops what comes."""
    for _ in range(QUEUE_MAX):
        try:
            held.enter_context(socket.create_connection((host, port), NO_ANSWER_S))
        except TimeoutError:
            return
        except OSError:
            break
    import pytest

    pytest.skip("This machine can't play one that answers nothing.")


class _Saying(BaseHTTPRequestHandler):
    """Answers with one text."""

    def __init__(self, says: str, *arguments: Any) -> None:
        self._says = says.encode()
        super().__init__(*arguments)

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(self._says)))
        self.end_headers()
        self.wfile.write(self._says)

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""
