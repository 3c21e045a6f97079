from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer

from events.members import has_key
from events.memory import last_close


class EventsConsumer(AsyncConsumer):
    """Send every message back, say goodbye, and remember how the connection ended."""

    async def websocket_connect(self, event):
        chosen = "echo.v1" if "echo.v1" in self.scope["subprotocols"] else None
        await self.send({"type": "websocket.accept", "subprotocol": chosen})

    async def websocket_receive(self, event):
        if event.get("bytes") is not None:
            await self.send({"type": "websocket.send", "bytes": event["bytes"]})
        elif event["text"] == "bye":
            await self.say_goodbye()
        else:
            await self.send({"type": "websocket.send", "text": event["text"]})

    async def say_goodbye(self):
        await self.send({"type": "websocket.send", "text": "goodbye"})
        await self.send({"type": "websocket.close", "code": 4000})

    async def websocket_disconnect(self, event):
        last_close["code"] = event["code"]
        raise StopConsumer()



class MembersConsumer(EventsConsumer):
    """The same, for members only: refuse everyone else at the door."""

    async def websocket_connect(self, event):
        if has_key(self.scope):
            await super().websocket_connect(event)
        else:
            await self.send({"type": "websocket.close"})

    async def websocket_receive(self, event):
        await self.send({**event, "type": "websocket.send"})


class ClosedConsumer(EventsConsumer):
    """Let everyone in, only to tell them that the shop is closed."""

    async def websocket_connect(self, event):
        await super().websocket_connect(event)
        await self.send({"type": "websocket.close", "code": 4001})


