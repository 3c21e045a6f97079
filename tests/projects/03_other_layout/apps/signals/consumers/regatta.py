from __future__ import annotations

import asyncio

from channels.generic.websocket import AsyncWebsocketConsumer

from apps.signals.services import slow_reply


class Regatta(AsyncWebsocketConsumer):
    """Lets all ships of a signal start at once; one task, a TaskGroup, holds those that are under way."""

    async def connect(self) -> None:
        self.started: asyncio.Queue[str] = asyncio.Queue()
        self.race = asyncio.create_task(self.watch_over_all())
        await self.accept()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        for ship in filter(None, (text_data or "").split(",")):
            self.started.put_nowait(ship)

    async def disconnect(self, code: int | None) -> None:
        self.race.cancel()
        await asyncio.wait([self.race])

    async def watch_over_all(self) -> None:
        async with asyncio.TaskGroup() as under_way:
            while True:
                under_way.create_task(self.sail(await self.started.get()))

    async def sail(self, ship: str) -> None:
        await self.send(text_data=await slow_reply(ship))
