from channels.generic.websocket import AsyncWebsocketConsumer

from . import slow


class EchoConsumer(AsyncWebsocketConsumer):
    async def connect(self):
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        if text_data is not None:
            text_data = await slow.slow_reply(text_data)
        await self.send(text_data=text_data, bytes_data=bytes_data)

    async def disconnect(self, code):
        pass
