"""A site behind nginx as somebody sees it: from outside by its name, or one Daphne as nginx asks it."""

from __future__ import annotations

import functools
import ssl
from collections.abc import Mapping
from typing import TYPE_CHECKING

from course.testbed.clients.endpoint import Endpoint, WebSocketTarget
from course.testbed.clients.http import HttpClient, Response
from course.testbed.servers.daphne import Site
from course.testbed.servers.production_environment import NAME

if TYPE_CHECKING:
    import httpx

HERE = "127.0.0.1"
# What nginx tells Daphne of a client; checks that ask a Daphne itself say the same.
PROXY_HEADERS = {"Host": NAME, "X-Forwarded-Proto": "https", "X-Forwarded-For": HERE}


class SiteFromOutside(Endpoint):
    """The site as somebody sees it who comes from one address of this machine, by the site's name and over HTTPS."""

    def __init__(self, https_port: int, http_port: int, address: str, *, names_ports: bool = False) -> None:
        """Come from `address` to the two ports of nginx; with `names_ports` the visitor's addresses hold them."""
        super().__init__()
        self.label = "nginx"
        self._ports = {"https": https_port, "http": http_port}
        self._address = address
        self._named = {scheme: f"{NAME}:{port}" if names_ports else NAME for scheme, port in self._ports.items()}

    def websocket_target(self, path: str) -> WebSocketTarget:
        """Return how a WebSocket gets to a path."""
        there = {"host": HERE, "port": self._ports["https"], "local_addr": (self._address, 0)}
        options = {**there, "ssl": _any_certificate(), "server_hostname": NAME}
        named = self._named["https"]
        return WebSocketTarget(f"wss://{named}{path}", f"https://{named}", {}, options)

    def http_client(self, *, secure: bool = True, follows_redirects: bool = True) -> HttpClient:
        """Return a client that sends what a page of the site would."""
        scheme = "https" if secure else "http"
        base = f"{scheme}://{self._named[scheme]}"
        origin = {"Origin": f"https://{self._named['https']}"} if follows_redirects else {}
        transport = _to_this_machine(self._ports, self._address)
        return HttpClient(base, headers=origin, follows_redirects=follows_redirects, transport=transport)

    def get(self, path: str, headers: Mapping[str, str] | None = None, *, secure: bool = True) -> Response:
        """GET a path and return the answer, whatever its status; redirects are not followed."""
        return self.http_client(secure=secure, follows_redirects=False).get(path, headers)

    def post(self, path: str, data: object) -> Response:
        """POST `data` as JSON and return the answer, whatever its status; redirects are not followed."""
        return self.http_client(follows_redirects=False).post_json(path, data)


class DaphneBehindProxy(Endpoint):
    """One Daphne, asked as nginx asks it."""

    def __init__(self, site: Site) -> None:
        """Ask `site`."""
        super().__init__()
        self.site = site
        self.label = site.label

    def websocket_target(self, path: str) -> WebSocketTarget:
        """Return how a WebSocket gets to a path."""
        host, _, port = self.site.host.partition(":")
        forwarded = {name: value for name, value in PROXY_HEADERS.items() if name != "Host"}
        return WebSocketTarget(f"ws://{NAME}{path}", f"https://{NAME}", forwarded, {"host": host, "port": int(port)})

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Response:
        """GET a path and return the answer, whatever its status."""
        return self.site.get(path, {**PROXY_HEADERS, **(headers or {})})

    def post(self, path: str, data: object) -> Response:
        """POST `data` as JSON and return the answer, whatever its status."""
        return self.site.post(path, data, PROXY_HEADERS)


@functools.cache
def _any_certificate() -> ssl.SSLContext:
    """Return what trusts nginx's certificate, which is ours, and a minute old."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _to_this_machine(ports: Mapping[str, int], address: str) -> httpx.BaseTransport:
    """Return a transport that finds the site's name here, as a DNS entry would, and comes from `address`."""
    import httpx

    class ToThisMachine(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            """Send a request to the port of its scheme; its Host stays the site's name."""
            if request.url.host != NAME:
                return super().handle_request(request)
            url = request.url.copy_with(host=HERE, port=ports[request.url.scheme])
            named = {**request.extensions, "sni_hostname": NAME}
            there = httpx.Request(request.method, url, headers=request.headers, stream=request.stream, extensions=named)
            return super().handle_request(there)

    return ToThisMachine(verify=_any_certificate(), local_address=address)
