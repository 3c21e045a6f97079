import asyncio
import contextlib
import json
import re

from channels.generic.websocket import AsyncJsonWebsocketConsumer

NAME = re.compile(r"[a-z0-9_-]{1,80}", re.ASCII | re.IGNORECASE)


class Talker(AsyncJsonWebsocketConsumer):
    groups = ("hall",)  # which Channels joins before connect, and leaves at the end
    room = None

    async def connect(self):
        name = self.scope["url_route"]["kwargs"]["room_name"]
        if not NAME.fullmatch(name):
            await self.accept()
            await self.send_json({"error": "There is no such room."})
            await self.close(4004)
            return
        self.room = f"small-talk-{name}"
        await self.channel_layer.group_add(self.room, self.channel_name)
        await self.accept()
        await self.tell("notice", "Somebody has come.")

    async def receive(self, text_data=None, bytes_data=None, **kwargs):
        try:
            said = await asyncio.to_thread(check, text_data)
        except Exception as problem:
            await self.send_json({"error": repr(problem), "kind": "error"})
        else:
            if self.room:
                await self.tell("remark", said)

    async def tell(self, kind, said):
        await self.channel_layer.group_send(self.room, {"type": "heard", "kind": kind, "said": said})

    async def heard(self, event):
        await self.send_json({"kind": event["kind"], "message": event["said"]})

    async def disconnect(self, code):
        if self.room:
            with contextlib.suppress(ConnectionError, OSError):
                await self.channel_layer.group_discard(self.room, self.channel_name)
                await self.tell("notice", "Somebody has left.")


def check(text):
    said = json.loads(text)["message"]
    if not isinstance(said, str):
        raise TypeError("Say it in words.")
    said.encode("utf-8", "strict")
    return said
