from channels.consumer import SyncConsumer
from channels.exceptions import StopConsumer


class EchoConsumer(SyncConsumer):
    """Send every message back to the one who sent it."""

    def websocket_connect(self, event):
        self.send({"type": "websocket.accept"})

    def websocket_receive(self, event):
        # A frame holds text or bytes; the key of the other one is missing or None.
        if event.get("text") == "again":
            self.count = 0
            self.send({"type": "websocket.send", "text": "0"})
        elif event.get("bytes") is not None:
            self.send({"type": "websocket.send", "bytes": event["bytes"]})
        else:
            self.send({"type": "websocket.send", "text": event["text"]})

    def websocket_disconnect(self, event):
        raise StopConsumer()



class CountConsumer(EchoConsumer):
    """Answer each frame with how many this connection has sent."""

    def websocket_connect(self, event):
        self.count = 0
        super().websocket_connect(event)

    def websocket_receive(self, event):
        if event.get("text") == "again":
            super().websocket_receive(event)
        else:
            self.count += 1
            self.send({"type": "websocket.send", "text": str(self.count)})


