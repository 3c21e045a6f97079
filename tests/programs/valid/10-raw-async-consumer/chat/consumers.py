import hashlib
import json

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer


class ChatConsumer(AsyncConsumer):
    """The chat on the events themselves, as coroutines."""

    async def websocket_connect(self, event):
        self.room = "room-" + hashlib.sha256(self.scope["url_route"]["kwargs"]["room_name"].encode()).hexdigest()
        await self.channel_layer.group_add(self.room, self.channel_name)
        await self.send({"type": "websocket.accept"})

    async def websocket_receive(self, event):
        try:
            spoken = parse(event.get("text"))
        except ValueError as problem:
            await self.answer(error=str(problem))
        else:
            await self.channel_layer.group_send(self.room, {"type": "spoken", "spoken": spoken})

    async def spoken(self, event):
        await self.answer(message=event["spoken"])

    async def websocket_disconnect(self, event):
        try:
            await self.channel_layer.group_discard(self.room, self.channel_name)
        finally:
            raise StopConsumer

    async def answer(self, **content):
        await self.send({"type": "websocket.send", "text": json.dumps(content)})


def parse(text):
    if not isinstance(text, str):
        raise ValueError("Bytes are not read here.")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("That was no JSON.") from None
    if type(content) is not dict or type(content.get("message")) is not str:
        raise ValueError("A message is a text in an object.")
    bytes(content["message"], "utf-8")
    return content["message"]
