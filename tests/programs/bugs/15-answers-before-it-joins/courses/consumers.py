import json

from channels.generic.websocket import AsyncJsonWebsocketConsumer

from courses.registrations import group_of


class EventsConsumer(AsyncJsonWebsocketConsumer):
    """Tell a student how their registrations went."""

    async def receive(self, text_data=None, bytes_data=None):
        try:
            content = json.loads(text_data or "")
        except (ValueError, RecursionError):  # not JSON, or nested thousands of times
            content = None
        await self.receive_json(content if isinstance(content, dict) else {})

    async def receive_json(self, content):
        command, key = content.get("command"), content.get("student")
        student = await self.find_student(key)
        if student is None:
            await self.send_json({"error": "Name yourself as the student, once you are logged in."})
        elif command == "subscribe":
            await self.send_json({"type": command, "message": f"Subscribed to {key} events."})
            await self.channel_layer.group_add(group_of(student), self.channel_name)
            if group_of(student) not in self.groups:
                self.groups.append(group_of(student))  # the base class leaves these groups when the connection ends
        elif command == "unsubscribe":
            await self.channel_layer.group_discard(group_of(student), self.channel_name)
            if group_of(student) in self.groups:  # remove() raises where there is nothing to remove
                self.groups.remove(group_of(student))
            await self.send_json({"type": command, "message": f"Unsubscribed from {key} events."})
        else:
            await self.send_json({"error": 'The command is "subscribe" or "unsubscribe".'})

    async def find_student(self, key):
        """Return the student of this key, if that is who is logged in, or None."""
        user = self.scope["user"]
        return user if user.is_authenticated and user.get_username() == key else None

    async def broadcast_event(self, event):
        await self.send_json(
            {
                "type": "send",
                "registration_type": event["registration_type"],
                "registration_data": event["registration_data"],
            }
        )
