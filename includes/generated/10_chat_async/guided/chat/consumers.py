import hashlib
import json

from channels.generic.websocket import AsyncWebsocketConsumer


class ChatConsumer(AsyncWebsocketConsumer):
    """Hand every message on to everyone in the room."""

    # --8<-- [start:connect]
    async def connect(self):
        self.group_name = group_of(self.scope["url_route"]["kwargs"]["room_name"])
        await self.channel_layer.group_add(self.group_name, self.channel_name)
        await self.accept()

    # --8<-- [end:connect]
    # --8<-- [start:receive]
    async def receive(self, text_data=None, bytes_data=None):
        try:
            message = read_message(text_data)
        except ValueError as problem:
            await self.reply({"error": str(problem)})
            return
        event = {"type": "chat.message", "message": message}
        await self.channel_layer.group_send(self.group_name, event)

    # --8<-- [end:receive]
    # --8<-- [start:rest]
    async def chat_message(self, event):
        await self.reply({"message": event["message"]})

    async def disconnect(self, code):
        await self.channel_layer.group_discard(self.group_name, self.channel_name)

    async def reply(self, content):
        await self.send(text_data=json.dumps(content))

    # --8<-- [end:rest]


def group_of(room_name):
    """Return the name of a room's group: short, plain, and another one for each room."""
    return "chat_" + hashlib.sha256(room_name.encode()).hexdigest()


def read_message(text):
    """Return the message in a client's text; raise ValueError if there is none."""
    if text is None:
        raise ValueError("Send text, not bytes.")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):  # not JSON, or nested thousands of times
        raise ValueError("Send JSON.") from None
    if not isinstance(content, dict) or not isinstance(content.get("message"), str):
        raise ValueError('Send an object with a text as its "message".')
    content["message"].encode()  # raises ValueError for half an emoji, which the channel layer can't carry
    return content["message"]
