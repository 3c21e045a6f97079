import re

from channels.generic.websocket import AsyncWebsocketConsumer


class Lamp(AsyncWebsocketConsumer):
    """Blinks back what it reads, and goes out when told so."""

    FAREWELL = re.compile(r"bye(?: (?P<code>\d{4}))?")

    async def receive(self, text_data=None, bytes_data=None):
        farewell = self.FAREWELL.fullmatch(text_data or "")
        if farewell:
            await self.close(code=int(farewell["code"] or 4000))
        else:
            await self.send(text_data, bytes_data)
