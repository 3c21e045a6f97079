"""The wire to Chrome: commands and events of the DevTools protocol."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
from collections.abc import Callable, Iterable
from typing import Any

import websockets.asyncio.client as ws
from websockets.exceptions import ConnectionClosed, WebSocketException

from course.testbed.clients.event_loop import EventLoop
from course.testbed.deadlines import deadline_s

COMMAND_UNITS = 3.0
Handler = Callable[[str, dict[str, Any]], None]


class DevToolsError(Exception):
    """Chrome refused a command."""


class Gone(DevToolsError):
    """Chrome is not there any more."""


class DevTools:
    """A connection to one Chrome, for all its windows. What it makes there ends with it.

    The methods with `async` run in the loop; `call` is for everybody else.
    """

    def __init__(self, loop: EventLoop, url: str, connection: socket.socket | None = None) -> None:
        """Talk to the browser at `url`, by a connection of ours or a new one; raise Gone where nothing answers."""
        self._loop = loop
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._handlers: dict[str, Handler] = {}
        self._connection = loop.run(self._connect(url, connection))

    def call(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        """Send a command and return its answer; raise DevToolsError, or TimeoutError after three seconds."""
        return self._loop.run(self.ask(method, session, **parameters), deadline_s(COMMAND_UNITS))

    def listen(self, session: str, handler: Handler) -> None:
        """Hand the events of a session to `handler`, in the loop."""
        self._handlers[session] = handler

    def close(self) -> None:
        """Hang up."""
        self._loop.run(self._connection.close())

    async def ask(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        """Send a command and return its answer."""
        return (await self.ask_all([(method, parameters)], session))[0]

    async def ask_all(self, commands: Iterable[tuple[str, dict[str, Any]]], session: str = "") -> list[dict[str, Any]]:
        """Send commands in one go and return all answers."""
        answers: list[asyncio.Future[dict[str, Any]]] = []
        for method, parameters in commands:
            number = next(self._numbers)
            self._waiting[number] = future = asyncio.get_running_loop().create_future()
            answers.append(future)
            message = {"id": number, "method": method, "params": parameters}
            try:
                await self._connection.send(json.dumps(message | ({"sessionId": session} if session else {})))
            except ConnectionClosed:
                del self._waiting[number]
                raise Gone("Chrome is gone.") from None
        return list(await asyncio.gather(*answers))

    async def _connect(self, url: str, sock: socket.socket | None) -> ws.ClientConnection:
        try:
            connection = await ws.connect(
                url, proxy=None, compression=None, ping_interval=None, max_size=None, open_timeout=deadline_s(5),
                close_timeout=deadline_s(1), sock=sock,
            )  # fmt: skip
        except (OSError, WebSocketException) as error:
            raise Gone(f"Chrome does not answer: {error}") from None
        self._reading = asyncio.ensure_future(self._read(connection))
        return connection

    async def _read(self, connection: ws.ClientConnection) -> None:
        try:
            async for text in connection:
                self._take(json.loads(text))
        except ConnectionClosed:
            pass  # told to those who wait
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(Gone("Chrome is gone."))
        self._waiting.clear()

    def _take(self, message: dict[str, Any]) -> None:
        if "id" not in message:
            if message["method"] == "Target.detachedFromTarget":
                self._handlers.pop(message["params"]["sessionId"], None)
            handler = self._handlers.get(message.get("sessionId", ""))
            if handler:
                handler(message["method"], message["params"])
            return
        future = self._waiting.pop(message["id"], None)
        if future is None or future.done():
            return  # whoever asked has given up
        if "error" in message:
            future.set_exception(DevToolsError(message["error"]["message"]))
        else:
            future.set_result(message["result"])
