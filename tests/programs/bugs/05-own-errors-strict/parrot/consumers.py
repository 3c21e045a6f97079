import re

from urllib.parse import parse_qs

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer

from parrot.greetings import greeting


class RepeatConsumer(AsyncConsumer):
    """Send each message back, as often as the path says."""

    async def websocket_connect(self, event):
        await self.send({"type": "websocket.accept"})

    async def websocket_receive(self, event):
        times = self.scope["url_route"]["kwargs"]["times"]
        # The same text or bytes, in an outgoing event.
        answer = {**event, "type": "websocket.send"}
        for _ in range(times):
            await self.send(answer)

    async def websocket_disconnect(self, event):
        raise StopConsumer()


class HelloConsumer(AsyncConsumer):
    """Greet everyone who comes in, by name and in their language."""

    async def websocket_connect(self, event):
        name = self.scope["url_route"]["kwargs"]["name"]
        # The query string is bytes. parse_qs makes a list for each key in it.
        query = parse_qs(self.scope["query_string"].decode())
        lang = query.get("lang", ["en"])[0]
        await self.send({"type": "websocket.accept"})
        await self.send({"type": "websocket.send", "text": greeting(name, lang)})

    async def websocket_receive(self, event):
        """Listen, and answer nothing."""

    async def websocket_disconnect(self, event):
        raise StopConsumer()


class SumConsumer(HelloConsumer):
    """Add the numbers in the path, as often as the query string says."""

    async def websocket_connect(self, event):
        numbers = self.scope["url_route"]["kwargs"]["numbers"].rstrip("/").split("/")
        query = parse_qs(self.scope["query_string"].decode(), keep_blank_values=True, errors="strict")
        times = query.get("times", ["1"])[0]
        if len(numbers) > 20 or not re.fullmatch("[0-9]{1,9}", times):
            await self.send({"type": "websocket.close"})
            return
        total = sum(int(number) for number in numbers) * int(times)
        await self.send({"type": "websocket.accept"})
        await self.send({"type": "websocket.send", "text": str(total)})


