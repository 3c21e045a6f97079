import hashlib
import json
from collections import deque
from time import monotonic

# own:
from urllib.parse import parse_qs

# end own
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

# own:
from django.conf import settings  # for REDIS_URL
from django.contrib.auth import get_user_model
from django.utils.crypto import get_random_string
from redis.asyncio import Redis

# end own
from chat.models import Room

MOST_CHARACTERS = 2000
MOST_MESSAGES = 10  # in a second

NOT_LOGGED_IN = 4401
NO_MEMBER = 4403

# own:
TICKET_SECONDS = 10


# end own
class ChatConsumer(AsyncWebsocketConsumer):
    """Hand what a member says on to everyone in the room."""

    # --8<-- [start:connect]
    async def connect(self):
        user, room_name = self.scope["user"], self.scope["url_route"]["kwargs"]["room_name"]
        # own:
        if not user.is_authenticated:
            user = await user_of_ticket(ticket_in(self.scope["query_string"]), room_name) or user
        # end own
        refusal = await refusal_of(user, room_name)
        if refusal:
            await self.accept()  # before this, a browser is told no code
            await self.close(refusal)
            raise StopConsumer()  # what a stranger has sent by now is never read
        self.username = user.get_username()
        # own:
        self.user, self.room_name = user, room_name
        # end own
        self.group_name = group_of(room_name)
        self.times = deque(maxlen=MOST_MESSAGES)
        await self.channel_layer.group_add(self.group_name, self.channel_name)
        await self.accept()

    # --8<-- [end:connect]
    # --8<-- [start:receive]
    async def receive(self, text_data=None, bytes_data=None):
        try:
            # Before it is read: a flood of nonsense is a flood.
            self.count_message()
            # own:
            if asks_for_ticket(text_data):
                await self.reply({"ticket": await make_ticket(self.user, self.room_name)})
                return
            # end own
            message = read_message(text_data)
        except ValueError as problem:
            await self.reply({"error": str(problem)})
            return
        event = {"type": "chat.message", "user": self.username, "message": message}
        await self.channel_layer.group_send(self.group_name, event)

    # --8<-- [end:receive]
    # --8<-- [start:count]
    def count_message(self):
        """Raise ValueError when ten messages were sent within the last second."""
        now = monotonic()
        if len(self.times) == MOST_MESSAGES and now - self.times[0] < 1:
            raise ValueError(f"Not so fast: at most {MOST_MESSAGES} messages in a second.")
        self.times.append(now)  # the oldest falls out at the other end

    # --8<-- [end:count]
    # --8<-- [start:handler]
    async def chat_message(self, event):
        await self.reply({"user": event["user"], "message": event["message"]})

    # --8<-- [end:handler]
    async def disconnect(self, code):
        await self.channel_layer.group_discard(self.group_name, self.channel_name)

    async def reply(self, content):
        await self.send(text_data=json.dumps(content))


# --8<-- [start:refusal]
async def refusal_of(user, room_name):
    """Return the close code for somebody who may not come in, or None."""
    if not user.is_authenticated:
        return NOT_LOGGED_IN
    if not await Room.objects.filter(name=room_name, members=user).aexists():
        return NO_MEMBER
    return None


# --8<-- [end:refusal]
def group_of(room_name):
    """Return the name of a room's group: short, plain, and another one for each room."""
    return "chat_" + hashlib.sha256(room_name.encode()).hexdigest()


# --8<-- [start:read]
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


# --8<-- [end:read]


# own:
def asks_for_ticket(text):
    try:
        return json.loads(text) == {"command": "ticket"}
    except (TypeError, ValueError, RecursionError):
        return False


def ticket_in(query_string):
    return parse_qs(query_string.decode("latin-1")).get("ticket", [""])[0]


async def make_ticket(user, room_name):
    """Return a new ticket for this room; Redis keeps it for all processes, and forgets it in time."""
    ticket = get_random_string(32)
    async with Redis.from_url(settings.REDIS_URL) as redis:
        await redis.set(f"ticket:{ticket}", json.dumps([user.pk, room_name]), ex=TICKET_SECONDS)
    return ticket


async def user_of_ticket(ticket, room_name):
    """Take a ticket away, and return whom it lets into this room, or None."""
    async with Redis.from_url(settings.REDIS_URL) as redis:
        kept = await redis.getdel(f"ticket:{ticket}")
    user_pk, room = json.loads(kept) if kept else (None, None)
    return await get_user_model().objects.filter(pk=user_pk).afirst() if room == room_name else None


# end own
