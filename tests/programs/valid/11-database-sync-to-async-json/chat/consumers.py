import json
from collections import deque
from functools import partial
from hashlib import sha256
from time import monotonic

from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from chat.models import Room


class Limit:
    """So many within a second, for one connection."""

    def __init__(self, most):
        self.times = deque(maxlen=most)

    def allows_one_more(self):
        now = monotonic()
        if len(self.times) == self.times.maxlen and now - self.times[0] < 1.0:
            return False
        self.times.append(now)
        return True


def members_only(connect):
    """Run connect for members; everybody else is told why not, and their consumer ends."""

    async def guarded(self):
        code = await self.refusal()
        if not code:
            return await connect(self)
        await self.accept()
        await self.close(code=code, reason="members only")
        raise StopConsumer

    return guarded


class ChatConsumer(AsyncJsonWebsocketConsumer):
    """Hand what a member says on to everyone in the room."""

    @database_sync_to_async
    def refusal(self):
        user = self.scope["user"]
        self.room_name = self.scope["url_route"]["kwargs"]["room_name"]
        if not user.is_authenticated:
            return 4401
        return None if user.room_set.filter(name=self.room_name).exists() else 4403

    @members_only
    async def connect(self):
        self.limit = Limit(10)
        group = f"room-{sha256(self.room_name.encode()).hexdigest()}"
        await self.channel_layer.group_add(group, self.channel_name)
        self.groups.append(group)
        self.tell_room = partial(self.channel_layer.group_send, group)
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None, **kwargs):
        problem, text = read(text_data)
        if not problem and not self.limit.allows_one_more():
            problem = "Slower, please."
        if problem:
            await self.send_json({"error": problem})
        else:
            await self.tell_room({"type": "room.line", "line": [self.scope["user"].get_username(), text]})

    async def room_line(self, event):
        user, text = event["line"]
        await self.send_json({"message": text, "user": user})


def read(text_data):
    """Return a problem and None, or None and the message."""
    try:
        text = json.loads(text_data or "")["message"]
        if not isinstance(text, str):
            return "The message has to be a text.", None
        text.encode()
    except (ValueError, TypeError, KeyError, RecursionError):
        return "Send an object with a message, as JSON.", None
    return ("Too long: 2,000 characters at most.", None) if len(text) > 2000 else (None, text)
