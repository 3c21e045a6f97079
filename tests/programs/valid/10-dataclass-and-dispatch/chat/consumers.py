import json
from dataclasses import asdict, dataclass
from hashlib import sha3_256

from channels.generic.websocket import AsyncWebsocketConsumer


@dataclass(frozen=True)
class Said:
    message: str
    type: str = "room.said"

    def frame(self):
        return json.dumps({"message": self.message})

    @classmethod
    def read(cls, text):
        try:
            content = json.loads(text)
        except (TypeError, ValueError, RecursionError):
            raise ValueError("Send JSON, as text.") from None
        if not isinstance(content, dict):
            raise ValueError("Send an object.")
        message = content.get("message")
        if not isinstance(message, str):
            raise ValueError("Send a text as the message.")
        message.encode()
        return cls(message)


class InARoom(AsyncWebsocketConsumer):
    async def connect(self):
        self.room = "chat_" + sha3_256(self.scope["url_route"]["kwargs"]["room_name"].encode()).hexdigest()
        await self.channel_layer.group_add(self.room, self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        await self.channel_layer.group_discard(self.room, self.channel_name)


class ChatConsumer(InARoom):
    """Hand every message on to everyone in the room."""

    async def receive(self, text_data=None, bytes_data=None):
        try:
            said = Said.read(text_data)
        except ValueError as problem:
            return await self.send(json.dumps({"error": f"{problem}"}))
        await self.channel_layer.group_send(self.room, asdict(said))

    async def room_said(self, event):
        await self.send(Said(**event).frame())
