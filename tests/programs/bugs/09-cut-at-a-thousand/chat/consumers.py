import hashlib
import json

from asgiref.sync import async_to_sync
from channels.generic.websocket import WebsocketConsumer


class ChatConsumer(WebsocketConsumer):
    """Hand every message on to everyone in the room."""

    def connect(self):
        self.group_name = group_of(self.scope["url_route"]["kwargs"]["room_name"])
        async_to_sync(self.channel_layer.group_add)(self.group_name, self.channel_name)
        self.accept()

    def receive(self, text_data=None, bytes_data=None):
        try:
            message = read_message(text_data)
        except ValueError as problem:
            self.reply({"error": str(problem)})
            return
        event = {"type": "chat.message", "message": message}
        async_to_sync(self.channel_layer.group_send)(self.group_name, event)

    def chat_message(self, event):
        self.reply({"message": event["message"]})

    def disconnect(self, code):
        async_to_sync(self.channel_layer.group_discard)(self.group_name, self.channel_name)

    def reply(self, content):
        self.send(text_data=json.dumps(content))


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
    return content["message"][:1000]


