import json
from dataclasses import dataclass

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer

from courses.registrations import group_of


@dataclass
class Command:
    name: str
    student: str

    @classmethod
    def of(cls, text):
        """Read a command, or return None."""
        try:
            content = json.loads(text)
            command = cls(content["command"], content["student"])
        except (TypeError, ValueError, KeyError, IndexError, RecursionError):
            return None
        return command if command.name in ("subscribe", "unsubscribe") else None


class EventsConsumer(AsyncConsumer):
    """Tell a student how their registrations went."""

    joined = False  # never changed on the class: each consumer sets its own

    async def websocket_connect(self, event):
        user = self.scope["user"]
        self.key = user.get_username() if user.is_authenticated else None
        self.group = group_of(user) if self.key else None
        await self.send({"type": "websocket.accept"})

    async def websocket_receive(self, event):
        command = Command.of(event.get("text"))
        if command is None:
            return await self.tell(error="Commands are subscribe and unsubscribe.")
        if self.key is None or command.student != self.key:
            return await self.tell(error="For yourself only.")
        self.joined = command.name == "subscribe"
        if self.joined:
            await self.channel_layer.group_add(self.group, self.channel_name)
            await self.tell(type="subscribe", message=f"Subscribed to {self.key} events.")
        else:
            await self.channel_layer.group_discard(self.group, self.channel_name)
            await self.tell(type="unsubscribe", message=f"Unsubscribed from {self.key} events.")

    async def broadcast_event(self, event):
        kind, data = event["registration_type"], event["registration_data"]
        await self.tell(type="send", registration_type=kind, registration_data=data)

    async def websocket_disconnect(self, event):
        if self.joined:
            await self.channel_layer.group_discard(self.group, self.channel_name)
        raise StopConsumer

    async def tell(self, **frame):
        await self.send({"type": "websocket.send", "text": json.dumps(frame)})
