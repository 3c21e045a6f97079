from channels.generic.websocket import AsyncWebsocketConsumer, WebsocketConsumer
from django.http import QueryDict

from parrot.greetings import greeting


class RepeatConsumer(WebsocketConsumer):
    """Send each message back, as often as the path says."""

    def receive(self, text_data=None, bytes_data=None):
        left = self.scope["url_route"]["kwargs"]["times"]
        while left > 0:
            self.send(text_data=text_data, bytes_data=bytes_data)
            left -= 1


class HelloConsumer(AsyncWebsocketConsumer):
    """Greet everyone who comes in, by name and in their language."""

    async def connect(self):
        languages = QueryDict(self.scope["query_string"]).getlist("lang") or ["en"]
        await self.accept()
        await self.send(greeting(self.scope["url_route"]["kwargs"]["name"], languages[0]))
