"""The whole of a site as it runs for others: nginx before two Daphnes, on one Redis, with one database.

The project hands in `nginx.conf.template`. Its variables are filled in as nginx's own container image does it. Clients
come by the site's name, as they would with a DNS entry, over HTTPS, and from any address of this machine.
"""

from __future__ import annotations

import functools
import json
import os
import re
import socket
import ssl
import tempfile
import threading
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPSConnection
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from course.errors import NotStarted, Unmet
from course.testbed.browser.tls import pem
from course.testbed.deadlines import comes_true
from course.testbed.http import Response, fetch
from course.testbed.nginx import Nginx, fill_in
from course.testbed.ports import Reserved
from course.testbed.production import NAME
from course.testbed.reached import Reached, Way
from course.testbed.server import Site
from course.workspace import PREFIX, files_of

TEMPLATE = "nginx.conf.template"
HERE = "127.0.0.1"
LOG_UNITS = 3.0
# What nginx tells Daphne of a client; checks that ask a Daphne itself say the same.
BEHIND = {"Host": NAME, "X-Forwarded-Proto": "https", "X-Forwarded-For": HERE}


class Outside(Reached):
    """The site as somebody sees it who comes from one address."""

    def __init__(self, https_port: int, http_port: int, address: str) -> None:
        """Come from `address` to the two ports of nginx."""
        super().__init__()
        self._https_port = https_port
        self._http_port = http_port
        self._address = address
        self._context = ssl.create_default_context()
        self._context.check_hostname = False
        self._context.verify_mode = ssl.CERT_NONE  # the certificate is ours, and a minute old

    def way(self, path: str) -> Way:
        """Return how a WebSocket gets to a path."""
        there = {"host": HERE, "port": self._https_port, "local_addr": (self._address, 0)}
        options = {**there, "ssl": self._context, "server_hostname": NAME}
        return Way(f"wss://{NAME}{path}", f"https://{NAME}", {}, options)

    def url(self, path: str, *, secure: bool = True) -> str:
        """Return the full address of a path."""
        scheme, port = ("https", self._https_port) if secure else ("http", self._http_port)
        return f"{scheme}://{HERE}:{port}{path}"

    def fetch(self, request: urllib.request.Request, cookies: CookieJar | None = None) -> Response:
        """Send a request, as a page of the site would; redirects are followed, and `cookies` kept."""
        request.add_header("Host", NAME)
        request.add_header("Origin", f"https://{NAME}")
        return fetch(request, cookies, [self._by_https(), _Home(f"https://{NAME}", self.url(""))])

    def get(self, path: str, headers: Mapping[str, str] | None = None, *, secure: bool = True) -> Response:
        """GET a path and return the answer, whatever its status; redirects are not followed."""
        request = urllib.request.Request(self.url(path, secure=secure), headers={"Host": NAME, **(headers or {})})
        return fetch(request, None, [self._by_https(), _ByHttp(self._address), _NoRedirect()])

    def post(self, path: str, data: object) -> Response:
        """POST `data` as JSON and return the answer, whatever its status."""
        headers = {"Host": NAME, "Content-Type": "application/json"}
        request = urllib.request.Request(self.url(path), json.dumps(data).encode(), headers, method="POST")
        return fetch(request, None, [self._by_https(), _NoRedirect()])

    def _by_https(self) -> urllib.request.BaseHandler:
        return _ByHttps(self._address, self._context)


class Behind(Reached):
    """One Daphne, asked as nginx asks it."""

    def __init__(self, site: Site) -> None:
        """Ask `site`."""
        super().__init__()
        self.site = site

    def way(self, path: str) -> Way:
        """Return how a WebSocket gets to a path."""
        host, _, port = self.site.host.partition(":")
        forwarded = {name: value for name, value in BEHIND.items() if name != "Host"}
        return Way(f"ws://{NAME}{path}", f"https://{NAME}", forwarded, {"host": host, "port": int(port)})

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Response:
        """GET a path and return the answer, whatever its status."""
        return self.site.get(path, {**BEHIND, **(headers or {})})

    def post(self, path: str, data: object) -> Response:
        """POST `data` as JSON and return the answer, whatever its status."""
        return self.site.post(path, data, BEHIND)


class Front(Outside):
    """nginx before the project's Daphnes; checks reach the site by it, and stop and start what is behind it."""

    def __init__(
        self,
        program: Path,
        project: Path,
        static: Path,
        collected: Callable[[], str],
        daphnes: list[Site],
        start: Callable[[int], Site],
    ) -> None:
        """Prepare nginx for a project whose static files are in `static` once `collected` has returned no complaint.

        `start` starts the Daphne of a number again, on its own port, and puts it into `daphnes`.
        """
        template = _template_of(project)
        hosts = [site.host for site in daphnes]
        self._collected = collected
        self._reserved = [Reserved(), Reserved()]
        https, http = self._reserved
        super().__init__(https.number, http.number, HERE)
        self._daphnes = daphnes
        self._start = start
        self._home = tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-")
        self.static = static
        self.nginx = Nginx(program, fill_in(template, self._values(hosts)), TEMPLATE)

    def begin(self) -> None:
        """Start nginx.

        Raises NotStarted where it does not take the project's configuration.
        """
        self.nginx.start()

    def came_from(self, address: str) -> Outside:
        """Return the site as somebody sees it who comes from another address of this machine, as 127.0.0.2.

        The check is skipped where the machine has no such address.
        """
        _need_address(address)
        return Outside(self._https_port, self._http_port, address)

    @property
    def daphnes(self) -> list[Behind]:
        """The Daphnes, each to be asked as nginx asks it."""
        return [Behind(site) for site in self._daphnes]

    def collects(self) -> None:
        """Wait until `manage.py collectstatic` is through.

        Raises Unmet when it found nothing to do its work with.
        """
        complaint = self._collected()
        if complaint:
            raise Unmet("manage.py collectstatic does not end well.", got=complaint)

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
        self._daphnes[number].stop()

    def stop(self, number: int) -> None:
        """Ask a Daphne to end, and wait until it is gone."""
        self._daphnes[number].end()

    def start(self, number: int) -> None:
        """Start a Daphne that was stopped again, on its own port, and wait until it serves."""
        site = self._start(number)
        assert site.host

    @contextmanager
    def stand_in(self, number: int, says: str) -> Iterator[None]:
        """Let a small server answer every GET with this text in place of a Daphne that is gone.

        It is there in a moment, which a Daphne is not.
        """
        host, _, port = self._daphnes[number].host.partition(":")
        with ThreadingHTTPServer((host, int(port)), functools.partial(_Saying, says)) as server:
            threading.Thread(target=server.serve_forever, name="stand-in", daemon=True).start()
            try:
                yield
            finally:
                server.shutdown()

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
            "LISTEN_HTTPS": f"{HERE}:{self._https_port}",
            "LISTEN_HTTP": f"{HERE}:{self._http_port}",
            "TLS_CERTIFICATE": str(certificate),
            "TLS_KEY": str(certificate),
            "STATIC_ROOT": str(self.static),
            **{f"DAPHNE_{number}": host for number, host in enumerate(hosts, 1)},
        }


def _template_of(project: Path) -> str:
    found = [path for path in files_of(project) if path.name == TEMPLATE]
    if len(found) != 1:
        raise NotStarted(f"The project holds {len(found) or 'no'} {TEMPLATE}; there must be one.")
    return found[0].read_text(encoding="utf-8", errors="replace")


def _need_address(address: str) -> None:
    with socket.socket() as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            import pytest

            pytest.skip(f"This machine is not {address} too (macOS: sudo ifconfig lo0 alias {address}).")


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


class _ByHttps(urllib.request.HTTPSHandler):
    """Opens HTTPS connections from an address of our choice."""

    def __init__(self, address: str, context: ssl.SSLContext) -> None:
        super().__init__(context=context)
        self._options: dict[str, Any] = {"context": context, "source_address": (address, 0)}

    def https_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(HTTPSConnection, request, **self._options)


class _ByHttp(urllib.request.HTTPHandler):
    """Opens HTTP connections from an address of our choice."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def http_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(HTTPConnection, request, source_address=(self._address, 0))


class _Home(urllib.request.HTTPRedirectHandler):
    """Follows redirects to the site's name to where the site is."""

    def __init__(self, name: str, place: str) -> None:
        self._name = name
        self._place = place

    def redirect_request(self, request: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        place = self._place + newurl.removeprefix(self._name) if newurl.startswith(f"{self._name}/") else newurl
        return super().redirect_request(request, fp, code, msg, headers, place)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Takes a redirect for an answer."""

    def redirect_request(self, *arguments: Any, **named: Any) -> None:
        """Follow nothing."""
