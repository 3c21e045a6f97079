import json
from uuid import NAMESPACE_URL, uuid5

from asgiref.sync import async_to_sync
from channels.generic.websocket import JsonWebsocketConsumer


class ChatConsumer(JsonWebsocketConsumer):
    """Hand every message on to everyone in the room."""

    def connect(self):
        room_name = self.scope["url_route"]["kwargs"]["room_name"]
        self.room_group = f"room.{uuid5(NAMESPACE_URL, room_name)}"
        self.layer("group_add", self.channel_name)
        self.accept()

    def disconnect(self, code):
        self.layer("group_discard", self.channel_name)

    def layer(self, method, argument):
        async_to_sync(getattr(self.channel_layer, method))(self.room_group, argument)

    def receive(self, text_data=None, bytes_data=None, **kwargs):
        if text_data is None:
            self.send_json({"error": "Bytes are no message."})
            return
        try:
            content = self.decode_json(text_data)
        except (ValueError, RecursionError):
            self.send_json({"error": "This is no JSON."})
            return
        self.receive_json(content)

    def receive_json(self, content, **kwargs):
        text = content.get("message") if isinstance(content, dict) else None
        if not isinstance(text, str):
            self.send_json({"error": "There has to be a message, and it has to be a text."})
        elif not can_travel(text):
            self.send_json({"error": "This text has half a character in it."})
        else:
            self.layer("group_send", {"type": "room.says", "text": text})

    def room_says(self, event):
        self.send_json({"message": event["text"]})


def can_travel(text):
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
