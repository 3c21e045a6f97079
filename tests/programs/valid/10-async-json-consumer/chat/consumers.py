import hashlib
import json

from channels.generic.websocket import AsyncJsonWebsocketConsumer


class ChatConsumer(AsyncJsonWebsocketConsumer):
    """Hand every message on to everyone in the room."""

    @property
    def room_group(self):
        room_name = self.scope["url_route"]["kwargs"]["room_name"]
        return "chat." + hashlib.sha1(room_name.encode(), usedforsecurity=False).hexdigest()

    async def connect(self):
        await self.channel_layer.group_add(self.room_group, self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        await self.channel_layer.group_discard(self.room_group, self.channel_name)

    async def receive(self, text_data=None, bytes_data=None, **kwargs):
        await self.receive_json(await self.decode_json(text_data), **kwargs)

    async def receive_json(self, content, **kwargs):
        if isinstance(content, str):
            await self.channel_layer.group_send(self.room_group, {"type": "room.message", "text": content})
        else:
            await self.send_json({"error": "Send JSON, an object with a text as its message."})

    async def room_message(self, event):
        await self.send_json({"message": event["text"]})

    @classmethod
    async def decode_json(cls, text_data):
        """Return the message, or None where there is none."""
        if not text_data:
            return None
        try:
            content = json.loads(text_data)
            text = content["message"] if isinstance(content, dict) else None
            return text if isinstance(text, str) and text.encode() is not None else None
        except (ValueError, KeyError, RecursionError):
            return None
