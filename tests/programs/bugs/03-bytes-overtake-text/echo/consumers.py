import asyncio

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer

from echo.slow import slow_reply


class EchoConsumer(AsyncConsumer):
    """Send every message back to the one who sent it, once slow_reply is done with it."""

    async def websocket_connect(self, event):
        self.tasks = set()
        await self.send({"type": "websocket.accept"})

    async def websocket_receive(self, event):
        # Do not keep the next event waiting.
        task = asyncio.create_task(self.answer(event))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def answer(self, event):
        if event.get("bytes") is not None:
            await self.send({"type": "websocket.send", "bytes": event["bytes"]})
        else:
            reply = await slow_reply(event["text"])
            await self.send({"type": "websocket.send", "text": reply})

    async def websocket_disconnect(self, event):
        raise StopConsumer()
