"""A way to a server that can be cut and mended, for a server that is not ours to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from course.testbed.clients.event_loop import EventLoop

CHUNK_BYTES = 65536


class TcpRelay:
    """Hands on whatever is sent to its `port`, and brings back the answers.

    `cut` makes it a port where nobody is; while `held`, it keeps back what is sent.
    """

    def __init__(self, host: str, port: int) -> None:
        """Listen on a port of this machine that the system picks."""
        self._target = (host, port)
        self._loop = EventLoop(f"relay to {host}:{port}")
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._flows = asyncio.Event()
        self._flows.set()
        self.port = 0
        self.mend()

    def cut(self) -> None:
        """Stop listening, and break every connection."""
        self._loop.run(self._close())

    def mend(self) -> None:
        """Listen again, on the same port."""
        self._loop.run(self._listen())

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep back what is sent from now on; at the end, hand it on."""
        self._loop.call(self._flows.clear)
        try:
            yield
        finally:
            self._loop.call(self._flows.set)

    def stop(self) -> None:
        """Cut it for good."""
        self.cut()
        self._loop.stop()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server:
            self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(tasks)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, away = await asyncio.open_connection(*self._target)
        except OSError:
            writer.close()
            return
        pair = {writer, away}
        self._writers |= pair
        await asyncio.gather(self._pump(reader, away), self._pump(there, writer))
        self._writers -= pair

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Copy one direction until its end, and end the other side too."""
        try:
            while chunk := await reader.read(CHUNK_BYTES):
                await self._flows.wait()
                writer.write(chunk)
                await writer.drain()
        except OSError:
            pass  # broken off: the other side learns it by the close
        writer.close()
