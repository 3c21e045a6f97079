from channels.generic.websocket import AsyncWebsocketConsumer


class Watchman(AsyncWebsocketConsumer):
    """Call out to every ship that passes."""

    punctuation = "."

    def __init__(self, *args, punctuation, **kwargs):
        super().__init__(*args, **kwargs)
        self.punctuation = punctuation

    async def connect(self):
        await self.accept()
        ship = self.scope["url_route"]["kwargs"]["ship"]
        await self.send(f"{self.scope['hello']}, {ship}{self.punctuation}")
