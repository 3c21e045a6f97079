import asyncio
import itertools

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


class ClosedConsumer(EventsConsumer):
    """Let everyone in, only to tell them that the shop is closed."""

    async def websocket_connect(self, event):
        await super().websocket_connect(event)
        await asyncio.sleep(1)
        await self.send({"type": "websocket.close", "code": 4001})




class ClockConsumer(EventsConsumer):
    """Tick while the client wants it, and close when the client has said nothing for a second."""

    async def websocket_connect(self, event):
        offered = self.scope["subprotocols"]
        chosen = next((name for name in ("clock.v2", "clock.v1") if name in offered), None)
        await self.send({"type": "websocket.accept", "subprotocol": chosen})
        self.ticking = None
        self.waiting = asyncio.create_task(self.close_if_silent())

    async def websocket_receive(self, event):
        self.waiting.cancel()
        self.waiting = asyncio.create_task(self.close_if_silent())
        if event.get("text") == "start" and self.ticking is None:
            self.ticking = asyncio.create_task(self.tick())
        elif event.get("text") == "stop":
            self.stop_ticking()
            await self.send({"type": "websocket.send", "text": "stopped"})

    async def tick(self):
        for number in itertools.count(1):
            await asyncio.sleep(0.1)
            await self.send({"type": "websocket.send", "text": str(number)})

    async def close_if_silent(self):
        await asyncio.sleep(1)
        self.stop_ticking()
        await self.send({"type": "websocket.close", "code": 4008})

    def stop_ticking(self):
        if self.ticking is not None:
            self.ticking.cancel()
            self.ticking = None

    async def websocket_disconnect(self, event):
        self.waiting.cancel()
        self.stop_ticking()
        await super().websocket_disconnect(event)


