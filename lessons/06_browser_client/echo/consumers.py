from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer


class EchoConsumer(AsyncConsumer):
    """Send every message back, until somebody says "bye".

    "bye" closes with 4000, "bye 4321" with 4321. It speaks echo.v1 with those who offer it.
    """

    async def websocket_connect(self, event):
        chosen = "echo.v1" if "echo.v1" in self.scope["subprotocols"] else None
        await self.send({"type": "websocket.accept", "subprotocol": chosen})

    async def websocket_receive(self, event):
        if event.get("bytes") is not None:
            await self.send({"type": "websocket.send", "bytes": event["bytes"]})
            return
        word, _, code = event["text"].partition(" ")
        if word == "bye":
            await self.send({"type": "websocket.close", "code": int(code or 4000)})
        else:
            await self.send({"type": "websocket.send", "text": event["text"]})

    async def websocket_disconnect(self, event):
        raise StopConsumer()
