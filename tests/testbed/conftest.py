"""A site with pages that a test writes itself, and a Chrome to open them in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from course.testbed.browser.browser_contexts import BrowserContexts
from course.testbed.browser.open_page import OpenPage
from course.testbed.clients.event_loop import EventLoop
from course.testbed.clients.transcript import Transcript
from course.testbed.failed_waits import FailedWaits
from course.testbed.servers.daphne import Site

PROJECT = {
    "manage.py": 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "pages.settings")\n',
    "pages/__init__.py": "",
    "pages/settings.py": 'ASGI_APPLICATION = "pages.asgi.application"\n',
    "pages/asgi.py": """
import asyncio
from pathlib import Path

async def application(scope, receive, send):
    if scope["type"] == "http":
        await page(scope, send)
    elif scope["type"] == "websocket":
        await echo(scope, receive, send)

async def page(scope, send):
    name, headers, status = scope["path"].strip("/") or "index", [(b"content-type", b"text/html; charset=utf-8")], 200
    if name == "never":
        await asyncio.sleep(3600)
    if name == "set":
        headers.append((b"set-cookie", b"who=" + scope["query_string"]))
    path = Path(__file__).parent / f"{name}.html"
    if name == "cookies":
        body = b"<p id=c>" + dict(scope["headers"]).get(b"cookie", b"none") + b"</p>"
    elif name == "set":
        body = b"<p>set</p>"
    elif path.is_file():
        body = path.read_bytes()
    else:
        body, status = b"<p>nothing here</p>", 404
    if name == "broken":
        status = 500
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

async def echo(scope, receive, send):
    if scope["path"] == "/ws/refused/":
        await send({"type": "websocket.close"})
        return
    await send({"type": "websocket.accept", "subprotocol": next(iter(scope["subprotocols"]), None)})
    while True:
        event = await receive()
        if event["type"] == "websocket.disconnect":
            return
        if event["type"] == "websocket.receive":
            text = event.get("text")
            if text and text.startswith("bye "):
                await send({"type": "websocket.close", "code": int(text[4:])})
                return
            await send({"type": "websocket.send", "text": text, "bytes": event.get("bytes")})
""",
}
WritePage = Callable[..., str]


@pytest.fixture(scope="session")
def folder_of_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for name, text in PROJECT.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="session")
def site(folder_of_pages: Path) -> Iterator[Site]:
    site = Site(folder_of_pages)
    yield site
    site.stop()


@pytest.fixture(scope="session")
def browser_loop() -> Iterator[EventLoop]:
    loop = EventLoop()
    yield loop
    loop.stop()


@pytest.fixture(scope="session")
def people(browser_loop: EventLoop) -> Iterator[BrowserContexts]:
    people = BrowserContexts(browser_loop)
    people.need()
    yield people
    people.stop()


@pytest.fixture
def page_transcript() -> Transcript:
    return Transcript()


@pytest.fixture
def open_page(people: BrowserContexts, site: Site, page_transcript: Transcript) -> Iterator[OpenPage]:
    people.need()
    port = int(site.host.rpartition(":")[2])
    opener = OpenPage(people, site, lambda: {port}, page_transcript, FailedWaits())
    yield opener
    opener.close_all()
    people.heal()


@pytest.fixture
def page(folder_of_pages: Path) -> WritePage:
    """Write a page and return its path."""

    def write(body: str, name: str = "index") -> str:
        text = f"<!doctype html><title>A page</title><body>{body}"
        (folder_of_pages / "pages" / f"{name}.html").write_text(text, encoding="utf-8")
        return "/" if name == "index" else f"/{name}"

    return write
