import asyncio

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer

from echo.slow import slow_reply


class EchoConsumer(AsyncConsumer):
    """Send every message back to the one who sent it, once slow_reply is done with it."""

    async def websocket_connect(self, event):
        self.texts = asyncio.Queue()
        self.worker = asyncio.create_task(self.work())
        await self.send({"type": "websocket.accept"})

    async def websocket_receive(self, event):
        if event.get("bytes") is not None:
            await self.send({"type": "websocket.send", "bytes": event["bytes"]})
        else:
            await self.texts.put(event["text"])

    async def websocket_disconnect(self, event):
        raise StopConsumer()

    async def work(self):
        while True:
            reply = await slow_reply(await self.texts.get())
            await self.send({"type": "websocket.send", "text": reply})

