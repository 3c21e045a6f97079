import hashlib
import json

from asgiref.sync import async_to_sync
from channels.consumer import SyncConsumer
from channels.exceptions import StopConsumer


class ChatConsumer(SyncConsumer):
    """The same chat on the events themselves."""

    def websocket_connect(self, event):
        name = self.scope["url_route"]["kwargs"]["room_name"]
        self.group = "r-" + hashlib.blake2b(name.encode(), digest_size=32).hexdigest()
        async_to_sync(self.channel_layer.group_add)(self.group, self.channel_name)
        self.send({"type": "websocket.accept"})

    def websocket_receive(self, event):
        message = message_in(event.get("text"))
        if message is None:
            self.tell({"error": "Send an object with a text as its message, as JSON."})
        else:
            async_to_sync(self.channel_layer.group_send)(self.group, {"type": "said", "message": message})

    def said(self, event):
        self.tell({"message": event["message"]})

    def websocket_disconnect(self, event):
        async_to_sync(self.channel_layer.group_discard)(self.group, self.channel_name)
        raise StopConsumer()

    def tell(self, content):
        self.send({"type": "websocket.send", "text": json.dumps(content)})


def message_in(text):
    """Return the message, or None."""
    try:
        message = json.loads(text)["message"]
        message.encode()
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, RecursionError):
        return None
    return message
