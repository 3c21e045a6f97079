import hashlib
import json
from collections import deque
from time import monotonic

from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

from chat.models import Room

MOST_CHARACTERS = 2000
MOST_MESSAGES = 10  # in a second

NOT_LOGGED_IN = 4401
NO_MEMBER = 4403


class ChatConsumer(AsyncWebsocketConsumer):
    """Hand what a member says on to everyone in the room."""

    async def connect(self):
        user, room_name = self.scope["user"], self.scope["url_route"]["kwargs"]["room_name"]
        refusal = await refusal_of(user, room_name)
        if refusal:
            await self.accept()  # before this, a browser is told no code
            await self.close(refusal)
            raise StopConsumer()  # what a stranger has sent by now is never read
        self.username = user.get_username()
        self.group_name = group_of(room_name)
        self.times = deque(maxlen=MOST_MESSAGES)
        await self.channel_layer.group_add(self.group_name, self.channel_name)
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        try:
            # Before it is read: a flood of nonsense is a flood.
            self.count_message()
            message = read_message(text_data)
        except ValueError as problem:
            await self.reply({"error": str(problem)})
            return
        event = {"type": "chat.message", "user": self.username, "message": message}
        await self.channel_layer.group_send(self.group_name, event)

    def count_message(self):
        """Raise ValueError when ten messages were sent within the last second."""
        now = monotonic()
        if len(self.times) == MOST_MESSAGES and now - self.times[0] < 1:
            raise ValueError(f"Not so fast: at most {MOST_MESSAGES} messages in a second.")
        self.times.append(now)  # the oldest falls out at the other end

    async def chat_message(self, event):
        await self.reply({"user": event["user"], "message": event["message"]})

    async def disconnect(self, code):
        await self.channel_layer.group_discard(self.group_name, self.channel_name)

    async def reply(self, content):
        await self.send(text_data=json.dumps(content))


async def refusal_of(user, room_name):
    """Return the close code for somebody who may not come in, or None."""
    if not user.is_authenticated:
        return NOT_LOGGED_IN
    if user.is_superuser:
        return None
    if not await Room.objects.filter(name=room_name, members=user).aexists():
        return NO_MEMBER
    return None


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
    if len(content["message"]) > MOST_CHARACTERS:
        raise ValueError(f"At most {MOST_CHARACTERS:,} characters.")
    content["message"].encode()  # raises ValueError for half an emoji, which the channel layer can't carry
    return content["message"]
