import hashlib
import json

from asgiref.sync import async_to_sync
from channels.generic.websocket import WebsocketConsumer


class ChatConsumer(WebsocketConsumer):
    """Hand every message on to everyone in the room."""

    # --8<-- [start:connect]
    def connect(self):
        # own:
        self.typing = False
        # end own
        self.group_name = group_of(self.scope["url_route"]["kwargs"]["room_name"])
        async_to_sync(self.channel_layer.group_add)(self.group_name, self.channel_name)
        self.accept()

    # --8<-- [end:connect]
    # --8<-- [start:receive]
    def receive(self, text_data=None, bytes_data=None):
        # own:
        typing = read_typing(text_data)
        if typing is not None:
            self.tell_typing(typing)
            return
        # end own
        try:
            message = read_message(text_data)
        except ValueError as problem:
            self.reply({"error": str(problem)})
            return
        event = {"type": "chat.message", "message": message}
        async_to_sync(self.channel_layer.group_send)(self.group_name, event)
        # own:
        self.tell_typing(False)
        # end own

    # --8<-- [end:receive]
    # --8<-- [start:handler]
    def chat_message(self, event):
        self.reply({"message": event["message"]})

    # --8<-- [end:handler]
    # --8<-- [start:disconnect]
    def disconnect(self, code):
        # own:
        self.tell_typing(False)
        # end own
        async_to_sync(self.channel_layer.group_discard)(self.group_name, self.channel_name)

    # --8<-- [end:disconnect]
    def reply(self, content):
        self.send(text_data=json.dumps(content))

    # own:
    def tell_typing(self, typing):
        """Tell the room whether this client is typing, if that has changed."""
        if typing != self.typing:
            self.typing = typing
            event = {"type": "chat.typing", "typing": typing, "who": self.channel_name}
            async_to_sync(self.channel_layer.group_send)(self.group_name, event)

    def chat_typing(self, event):
        if event["who"] != self.channel_name:
            self.reply({"typing": event["typing"], "who": event["who"]})

    # end own


# --8<-- [start:group]
def group_of(room_name):
    """Return the name of a room's group: short, plain, and another one for each room."""
    return "chat_" + hashlib.sha256(room_name.encode()).hexdigest()


# --8<-- [end:group]
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
    content["message"].encode()  # raises ValueError for half an emoji, which the channel layer can't carry
    return content["message"]


# --8<-- [end:read]


# own:
def read_typing(text):
    """Return whether a client says that it is typing; None if its text says nothing of the kind."""
    try:
        content = json.loads(text)
    except (TypeError, ValueError, RecursionError):  # bytes, not JSON, or nested thousands of times
        return None
    if not isinstance(content, dict) or "message" in content or not isinstance(content.get("typing"), bool):
        return None
    return content["typing"]


# end own
