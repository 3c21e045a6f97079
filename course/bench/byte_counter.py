"""A way to a server that counts what goes over it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

CHUNK_BYTES = 65536


class ByteCounter:
    """Hands on what comes to its `port`, and the answers back; `bytes` is how much that was, in both directions."""

    def __init__(self, port: int) -> None:
        """Lead to a port of this machine; `opened` opens it."""
        self._target = port
        self.port = self.bytes = 0
        self.host = ""

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Be a port of this machine for as long as the block lasts."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        async with server:
            yield

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, away = await asyncio.open_connection("127.0.0.1", self._target)
        await asyncio.gather(self._pump(reader, away), self._pump(there, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while chunk := await reader.read(CHUNK_BYTES):
                self.bytes += len(chunk)
                writer.write(chunk)
                await writer.drain()
        except OSError:
            pass  # broken off: the other side learns it by the close
        writer.close()
