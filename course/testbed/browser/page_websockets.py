"""Which WebSockets a page itself knows to be open, as its developer tools tell."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from urllib.parse import unquote, urlsplit


class PageWebSockets:
    """Hears of the WebSockets of one window; lives in the loop."""

    def __init__(self) -> None:
        """Begin with none."""
        self._urls: dict[str, str] = {}  # of each that the page has made, by Chrome's number for it
        self._open: set[str] = set()
        self.refused: list[float] = []  # when one ended that had never been open
        self._changed = asyncio.Event()

    @property
    def states(self) -> list[str]:
        """The address of each WebSocket that the page has made, and whether it is open."""
        return [f"{url} ({'open' if number in self._open else 'not open'})" for number, url in self._urls.items()]

    @property
    def open_now(self) -> int:
        """How many of them are open."""
        return len(self._open)

    def hear(self, method: str, told: dict[str, Any]) -> None:
        """Take in an event of the network."""
        if method == "Network.webSocketCreated":
            self._urls[told["requestId"]] = told["url"]
        elif method == "Network.webSocketHandshakeResponseReceived":
            self._open.add(told["requestId"])
            self._changed.set()
        elif method == "Network.webSocketClosed":
            if told["requestId"] not in self._open:
                self.refused.append(time.monotonic())
            self._open.discard(told["requestId"])

    async def wait_for(self, path: str) -> None:
        """Wait until one to this path is open."""
        while not any(_path(self._urls[number]) == unquote(path) for number in self._open & self._urls.keys()):
            self._changed.clear()
            await self._changed.wait()


def _path(url: str) -> str:
    return unquote(urlsplit(url).path)
