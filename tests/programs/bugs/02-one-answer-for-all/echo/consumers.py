from channels.consumer import SyncConsumer
from channels.exceptions import StopConsumer

ANSWER = {"type": "websocket.send"}


class EchoConsumer(SyncConsumer):
    """Send every message back to the one who sent it."""

    def websocket_connect(self, event):
        self.send({"type": "websocket.accept"})

    def websocket_receive(self, event):
        answer = ANSWER
        if event.get("bytes") is not None:
            answer["bytes"] = event["bytes"]
        else:
            answer["text"] = event["text"]
        self.send(answer)

    def websocket_disconnect(self, event):
        raise StopConsumer()
