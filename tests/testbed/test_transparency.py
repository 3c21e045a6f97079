"""The test bed changes nothing about what it looks at: a page, a socket and an application see the same without it.

Each test does the same twice: with `python -m daphne` and a Chromium that Selenium starts, and with the test bed's own
server and windows. Then all that was seen is compared, event by event. These differences are meant, and left out here:

- Daphne's limits for a consumer that neither accepts nor ends are shorter in the test bed, so that a check need not
  wait for them. Here they are LIMITS on both sides; what happens when they are over is compared.
- A consumer that raised is closed with 1011 at once, and not at Daphne's next look round, up to a second later. The
  test bed may be quicker (see `took`), but not much slower.
- Debian's headless shell, where it is used, tells all of its version, that it is headless once more, and no weights
  of the languages that it asks for (`alike`).
- A sheet in `document.adoptedStyleSheets` hides the caret, and nothing outside this machine can be reached.
"""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.chrome.webdriver import WebDriver
from websockets.frames import Frame, Opcode

from course.testbed.browser.browser_contexts import BrowserContexts
from course.testbed.browser.open_page import OpenPage
from course.testbed.clients.transcript import Transcript
from course.testbed.deadlines import deadline_s
from course.testbed.failed_waits import FailedWaits
from course.testbed.processes.environment import environment
from course.testbed.processes.forkserver_client import CAN_FORK, Forkserver
from course.testbed.processes.ports import free_port
from course.testbed.servers.daphne import Site
from course.testbed.servers.daphne_launch import serve_forked
from course.testbed.tools.browser_install import find

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="it looks at how TCP connections end, as Linux tells it"
)

HERE = Path(__file__).parent
LIMITS = ("--websocket_connect_timeout", "3", "--application-close-timeout", "1")
SLACK_S = 1.0  # what a machine with other things to do may add to a time
Seen = dict[str, Any]
PROJECT = HERE / "transparency"
APPLICATION = "seen.asgi:application"
Reads = Callable[[str], Any]


@contextmanager
def plain_daphne(home: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    port = free_port()
    command = [sys.executable, "-m", "daphne", *LIMITS, "-b", "127.0.0.1", "-p", str(port), APPLICATION]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=PROJECT, env=environment(home, ""), stdout=log, stderr=log)
    try:
        wait_for(lambda: listens(port))
        yield server, f"127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


@contextmanager
def plain_window(home: Path) -> Iterator[WebDriver]:
    programs = find(shell=False)
    assert programs
    options = Options()
    options.binary_location = str(programs.launcher(home))
    options.add_argument("--headless=new")
    options.add_argument("--no-sandbox")
    driver = WebDriver(options, Service(str(programs.driver)))
    try:
        yield driver
    finally:
        driver.quit()


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except ConnectionRefusedError:
        return False
    return True


def wait_for(fact: Callable[[], bool]) -> None:
    until = time.monotonic() + deadline_s(30)
    while not fact():
        assert time.monotonic() < until
        time.sleep(0.05)


# What a page sees, and what the application sees of it


def test_a_page_sees_the_same(people: BrowserContexts, tmp_path: Path) -> None:
    """Events, codes, cookies, headers and their order are the same for a page and for its application."""
    with ThreadPoolExecutor() as pool:
        seen_plainly = pool.submit(see_plainly, tmp_path)
        found = see_in_the_test_bed(people)
    plain = seen_plainly.result()

    assert differences(found["log"], plain["log"]) == []
    assert slower(found["took"], plain["took"]) == []


def see_plainly(home: Path) -> Seen:
    with plain_daphne(home) as (server, host), plain_window(home) as driver:
        driver.get(f"http://{host}/")
        return whole(lambda script: driver.execute_script(script), server.kill, host)


def see_in_the_test_bed(people: BrowserContexts) -> Seen:
    site = Site(PROJECT, options=LIMITS)
    port = int(site.host.rpartition(":")[2])
    opener = OpenPage(people, site, lambda: {port}, Transcript(), FailedWaits())
    try:
        ana = opener("/")
        process = site._process
        assert process
        return whole(ana.selenium.execute_script, lambda: process.signal(signal.SIGKILL), site.host)
    finally:
        opener.close_all()
        site.stop()


def whole(ask: Reads, kill: Callable[[], object], host: str) -> Seen:
    """Wait for all that the page writes down; kill the server when it asks for that."""
    state = "return document.body.dataset.state"
    wait_for(lambda: ask(state) in ("ready", "done"))
    kill()
    wait_for(lambda: ask(state) == "done")
    seen: Seen = json.loads(alike(ask("return whatIsSeen()").replace(host, "HOST")))
    assert "failed" not in seen["log"], seen["log"]
    return seen


def alike(text: str) -> str:
    """Leave out what no two browsers, or no two connections, have in common."""
    text = re.sub(r'(\["sec-websocket-key",)"[^"]+"', r'\1"…"', text)
    text = text.replace('"en-US,en;q=0.9"', '"en-US,en"')
    text = re.sub(r"(HeadlessChrome/\d+)[.\d]+", r"\1", text)
    return re.sub(r', \\"HeadlessChrome\\";v=\\"\d+\\"', "", text)


def differences(found: Any, plain: Any, place: str = "") -> list[str]:
    """Name each place where two trees differ."""
    if type(found) is type(plain) is dict:
        both = sorted(found.keys() | plain.keys())
        return [each for key in both for each in differences(found.get(key), plain.get(key), f"{place}/{key}")]
    if type(found) is type(plain) is list and len(found) == len(plain):
        pairs = enumerate(zip(found, plain, strict=True))
        return [each for at, (one, other) in pairs for each in differences(one, other, f"{place}[{at}]")]
    return [] if found == plain else [f"{place}: {found!r}, and without the test bed {plain!r}"]


def slower(found_ms: dict[str, float], plain_ms: dict[str, float]) -> list[str]:
    """Name what takes longer by an order of magnitude."""
    limits_ms = {name: 10 * plain_ms[name] + deadline_s(SLACK_S) * 1000 for name in found_ms}
    return [f"{name}: {took:.0f} ms, {plain_ms[name]:.0f}" for name, took in found_ms.items() if took > limits_ms[name]]


# What a raw socket sees, and what the application sees of it

KEY = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
UPGRADE = f"Connection: Upgrade\r\nUpgrade: websocket\r\n{KEY}"
COMPRESSED = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
SCENES: dict[str, tuple[str, list[bytes]]] = {  # by path: more lines of the head, and what is said after the answer
    "/ws/echo/raw-1/": ("", [b"bye 1000"]),
    "/ws/echo/raw-2/": ("", [b"tea", b"bye 4001"]),
    "/ws/echo/raw-3/": (COMPRESSED, [b"bye"]),
    "/ws/echo/raw-4/": (
        "Sec-WebSocket-Protocol: echo.v1, echo.v2\r\nX-Own: tea\r\nX-Own: cup\r\n",
        [b"many", b"bye 4002"],
    ),
    "/ws/echo/raw-5/": ("Cookie: a=b\r\nOrigin: http://elsewhere\r\n", [b"raise now"]),
    "/ws/raises/raw/": ("", []),
    "/ws/refused/raw/": ("", []),
    "/ws/unknown/raw/": ("", []),
    "/ws/silent/raw/": ("", []),
    "/ws/sync-error/": ("", []),
    "/ws/no-awaitable/": ("", []),
    "/ws/greets/raw/?who=tea%20cup": ("", []),
    "/ws/odd/raw/": ("", [b"bye 4003"]),
    "/ws/echo/raw-big/": ("", [b"big", b"bye 4004"]),
}


def test_a_raw_socket_sees_the_same(tmp_path: Path) -> None:
    """Bytes, the way a connection ends, and all that the application is told and can say, are the same."""
    with ExitStack() as stack:
        _, plain_host = stack.enter_context(plain_daphne(tmp_path))
        sites = [Site(PROJECT, options=LIMITS)]
        if CAN_FORK:
            parent = stack.enter_context(closing(Forkserver()))
            sites.append(Site(PROJECT, serve=serve_forked(parent), options=LIMITS))
        for site in sites:
            stack.callback(site.stop)
        with ThreadPoolExecutor() as pool:
            plain, *found = pool.map(see_raw, [plain_host, *(site.host for site in sites)])

    assert [differences(each, plain) for each in found] == [[] for _ in sites]


def see_raw(host: str) -> Seen:
    with ThreadPoolExecutor(len(SCENES)) as pool:
        seen: Seen = dict(zip(SCENES, pool.map(lambda path: converse(host, path, *SCENES[path]), SCENES), strict=True))
    seen["page"] = http(host, "GET /data?a=b HTTP/1.1\r\nX-Own: tea")
    seen["error"] = http(host, "GET /raises HTTP/1.1")
    seen["application"] = json.loads(
        http(host, "GET /seen HTTP/1.0").partition("\r\n\r\n")[2].removesuffix(" and closed")
    )
    return seen


def http(host: str, head: str) -> str:
    with connected(host) as wire:
        wire.sendall(f"{head}\r\nHost: HOST\r\nConnection: close\r\n\r\n".encode())
        return hear_out(wire)


def converse(host: str, path: str, head: str, texts: list[bytes]) -> list[str]:
    """Return what comes over one connection up to its end, and how that is, once its consumer has ended."""
    with connected(host) as wire:
        wire.sendall(f"GET {path} HTTP/1.1\r\nHost: HOST\r\n{UPGRADE}{head}\r\n".encode())
        told = hear_out(wire, b"".join(Frame(Opcode.TEXT, text).serialize(mask=True) for text in texts))
    if not path.startswith(("/ws/sync-error/", "/ws/no-awaitable/")):  # these have none
        http(host, f"GET /ended{path.partition('?')[0]} HTTP/1.0")
    answer, _, frames = told.partition("\r\n\r\n")
    return [answer, frames if len(frames) < 10_000 else f"{len(frames)} bytes {frames[-20:]}"]


def hear_out(wire: socket.socket, saying: bytes = b"") -> str:
    """Read up to the end, and say how it ended; once accepted, say something, and answer the close."""
    heard, end, accepted, answered = b"", "closed", False, False
    try:
        while chunk := wire.recv(65536):
            heard += chunk
            if not accepted and heard.startswith(b"HTTP/1.1 101") and b"\r\n\r\n" in heard:
                accepted = True
                wire.sendall(saying)
            if accepted and not answered and heard[-4:-2] == b"\x88\x02":
                answered = True
                wire.sendall(Frame(Opcode.CLOSE, heard[-2:]).serialize(mask=True))
    except ConnectionResetError:
        end = "reset"
    return re.sub(r"(?m)^Date: .*", "", heard.decode("latin-1")) + f" and {end}"


def connected(host: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(host.rpartition(":")[2])), deadline_s(20))
