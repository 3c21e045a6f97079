import json

from channels.generic.websocket import AsyncJsonWebsocketConsumer


class Parlour(AsyncJsonWebsocketConsumer):
    async def connect(self):
        self.room = "parlour." + self.scope["url_route"]["kwargs"]["room_name"].encode().hex()[:80]
        await self.channel_layer.group_add(self.room, self.channel_name)
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        try:
            said = json.loads(text_data or "")["message"]
        except (ValueError, KeyError, TypeError):
            await self.send_json({"error": "What?"})
        else:
            await self.channel_layer.group_send(self.room, {"type": "say", "said": said})

    async def say(self, event):
        await self.send_json({"message": event["said"]})

    async def disconnect(self, code):
        await self.channel_layer.group_discard(self.room, self.channel_name)
