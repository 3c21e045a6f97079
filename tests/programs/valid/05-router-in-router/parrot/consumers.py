from urllib.parse import parse_qs

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer

from parrot.greetings import greeting


class Guest(AsyncConsumer):
    """What both have in common."""

    @property
    def route(self):
        return self.scope["url_route"]["kwargs"]

    @property
    def query(self):
        return parse_qs(self.scope["query_string"].decode("latin-1"))

    async def websocket_connect(self, event):
        await self.send({"type": "websocket.accept"})

    async def websocket_receive(self, event):
        pass

    async def websocket_disconnect(self, event):
        raise StopConsumer()


class RepeatConsumer(Guest):
    async def websocket_receive(self, event):
        for _ in range(self.route["times"]):
            await self.send(event | {"type": "websocket.send"})


class HelloConsumer(Guest):
    async def websocket_connect(self, event):
        await super().websocket_connect(event)
        lang, *_ = self.query.get("lang", ["en"])
        await self.send({"type": "websocket.send", "text": greeting(self.route["name"], lang)})
