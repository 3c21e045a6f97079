"""The same chat, written by somebody else: Channels joins and leaves `self.groups` by itself."""

import hashlib
import json

from channels.generic.websocket import AsyncWebsocketConsumer


class RoomConsumer(AsyncWebsocketConsumer):
    async def websocket_connect(self, message):
        self.groups = [name_of_group(self.scope["url_route"]["kwargs"]["room_name"])]
        await super().websocket_connect(message)

    async def receive(self, text_data=None, bytes_data=None):
        try:
            content = {"type": "room.text", "message": message_in(text_data)}
        except ValueError as trouble:
            await self.send(json.dumps({"error": f"That was no message. {trouble}"}))
        else:
            for group in self.groups:
                await self.channel_layer.group_send(group, content)

    async def room_text(self, event):
        await self.send(json.dumps({"message": event["message"]}))


def name_of_group(room_name):
    return f"room-{hashlib.blake2s(room_name.encode()).hexdigest()}"


def message_in(text):
    try:
        content = json.loads(text or "null")
    except RecursionError:
        raise ValueError("That is nested too deep.") from None
    message = content.get("message") if isinstance(content, dict) else None
    if not isinstance(message, str):
        raise ValueError("A message is an object, and has a text.")
    return message.encode().decode()
