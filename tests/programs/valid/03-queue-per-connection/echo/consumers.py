import asyncio
import contextlib

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer

from echo.slow import slow_reply


class EchoConsumer(AsyncConsumer):
    """Put every message into a queue; one task per connection answers them in their order."""

    async def websocket_connect(self, event):
        self.inbox = asyncio.Queue()
        self.clerk = asyncio.create_task(self.work())
        await self.send({"type": "websocket.accept"})

    async def websocket_receive(self, event):
        await self.inbox.put(event)

    async def work(self):
        while True:
            event = await self.inbox.get()
            if event.get("text") is not None:
                answer = {"text": await slow_reply(event["text"])}
            else:
                answer = {"bytes": event["bytes"]}
            await self.send({"type": "websocket.send", **answer})

    async def websocket_disconnect(self, event):
        self.clerk.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.clerk
        raise StopConsumer()
