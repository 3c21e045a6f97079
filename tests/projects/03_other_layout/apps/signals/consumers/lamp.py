from __future__ import annotations

import asyncio
import contextlib

from channels.generic.websocket import AsyncWebsocketConsumer

from apps.signals.services import slow_reply


class Signals(AsyncWebsocketConsumer):
    """Keeps what it hears in a queue, which a task of its own works off in order."""

    keeper = ""

    def __init__(self, *, keeper: str) -> None:
        super().__init__()
        self.keeper = keeper
        self.inbox: asyncio.Queue[str] = asyncio.Queue()

    async def connect(self) -> None:
        self.working = asyncio.create_task(self.work())
        await self.accept()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if text_data is not None:
            self.inbox.put_nowait(text_data)

    async def disconnect(self, code: int | None) -> None:
        self.working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.working

    async def work(self) -> None:
        while True:
            await self.answer(await self.inbox.get())

    async def answer(self, text: str) -> None:
        raise NotImplementedError


class Lamp(Signals):
    async def answer(self, text: str) -> None:
        reply = await slow_reply(text)
        await self.send(text_data=reply)
