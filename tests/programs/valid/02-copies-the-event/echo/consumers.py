from channels.consumer import SyncConsumer
from channels.exceptions import StopConsumer


class EchoConsumer(SyncConsumer):
    def websocket_connect(self, event):
        self.send(dict(type="websocket.accept"))

    def websocket_receive(self, event):
        # The same text or bytes, in an event that goes out.
        self.send({**event, "type": "websocket.send"})

    def websocket_disconnect(self, event):
        raise StopConsumer
