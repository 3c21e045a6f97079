import asyncio
from contextlib import suppress

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer

from echo import slow


class EchoConsumer(AsyncConsumer):
    async def websocket_connect(self, event):
        self.texts = asyncio.Queue()
        self.worker = asyncio.create_task(self.work())
        await self.send({"type": "websocket.accept"})

    async def websocket_receive(self, event):
        if text := event.get("text"):
            self.texts.put_nowait(text)

    async def websocket_disconnect(self, event):
        self.worker.cancel()
        with suppress(asyncio.CancelledError):
            await self.worker
        raise StopConsumer()

    async def work(self):
        while True:
            text = await self.texts.get()
            await self.send({"type": "websocket.send", "text": await slow.slow_reply(text)})
