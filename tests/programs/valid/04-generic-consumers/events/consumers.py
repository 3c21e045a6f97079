from channels.generic.websocket import AsyncWebsocketConsumer

from events import memory
from events.members import has_key


class EventsConsumer(AsyncWebsocketConsumer):
    speaks = ["echo.v1"]

    async def connect(self):
        offered = set(self.scope["subprotocols"])
        await self.accept(subprotocol=next((name for name in self.speaks if name in offered), None))

    async def receive(self, text_data=None, bytes_data=None):
        if text_data == "bye":
            await self.send(text_data="goodbye")
            await self.close(code=4000)
        else:
            await self.send(text_data=text_data, bytes_data=bytes_data)

    async def disconnect(self, code):
        memory.last_close["code"] = code


class MembersConsumer(EventsConsumer):
    async def connect(self):
        if has_key(self.scope):
            await super().connect()
        else:
            await self.close()


class ClosedConsumer(EventsConsumer):
    async def connect(self):
        await super().connect()
        await self.close(code=4001)
