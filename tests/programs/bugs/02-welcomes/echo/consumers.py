from channels.consumer import SyncConsumer
from channels.exceptions import StopConsumer


class EchoConsumer(SyncConsumer):
    """Send every message back to the one who sent it."""

    def websocket_connect(self, event):
        self.send({"type": "websocket.accept"})
        self.send({"type": "websocket.send", "text": "Welcome! Type a line."})

    def websocket_receive(self, event):
        # A frame holds text or bytes; the key of the other one is missing or None.
        if event.get("bytes") is not None:
            self.send({"type": "websocket.send", "bytes": event["bytes"]})
        else:
            self.send({"type": "websocket.send", "text": event["text"]})

    def websocket_disconnect(self, event):
        raise StopConsumer()

