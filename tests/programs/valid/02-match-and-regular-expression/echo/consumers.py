from channels.consumer import SyncConsumer
from channels.exceptions import StopConsumer


class EchoConsumer(SyncConsumer):
    """Send every message back to the one who sent it."""

    def websocket_connect(self, event):
        self.received = 0
        self.send({"type": "websocket.accept", "subprotocol": None})

    def websocket_receive(self, event):
        self.received += 1
        match event:
            case {"bytes": bytes() as data}:
                self.say(bytes=data)
            case {"text": str() as text}:
                self.say(text=text)

    def say(self, **frame):
        self.send({"type": "websocket.send", **frame})

    def websocket_disconnect(self, event):
        print(f"{self.received} messages, closed with {event.get('code')}")
        raise StopConsumer("the client has gone")
