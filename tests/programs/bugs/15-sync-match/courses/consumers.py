from asgiref.sync import async_to_sync
from channels.generic.websocket import JsonWebsocketConsumer

from courses.registrations import group_of


class EventsConsumer(JsonWebsocketConsumer):
    """Tell a student how their registrations went."""

    def receive(self, text_data=None, bytes_data=None, **kwargs):
        try:
            content = self.decode_json(text_data or "")
        except (ValueError, RecursionError):
            content = None
        self.send_json(self.answer(content))

    def answer(self, content):
        user = self.scope["user"]
        match content:
            case {"command": "subscribe" | "unsubscribe", "student": str(key)} if not (
                user.is_authenticated and user.username == key
            ):
                return {"error": "This is not you."}
            case {"command": "subscribe", "student": str(key)}:
                async_to_sync(self.channel_layer.group_add)(group_of(user), self.channel_name)
                return {"type": "subscribe", "message": f"Subscribed to {key} events."}
            case {"command": "unsubscribe", "student": str(key)}:
                async_to_sync(self.channel_layer.group_discard)(group_of(user), self.channel_name)
                return {"type": "unsubscribe", "message": f"Unsubscribed from {key} events."}
        return {"error": "What?"}

    def broadcast_event(self, event):
        del event["type"]
        self.send_json({"type": "send", **event})

    def disconnect(self, code):
        if self.scope["user"].is_authenticated:
            async_to_sync(self.channel_layer.group_discard)(group_of(self.scope["user"]), self.channel_name)
