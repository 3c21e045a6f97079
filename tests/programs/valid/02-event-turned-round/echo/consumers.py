from channels.consumer import SyncConsumer
from channels.exceptions import StopConsumer


class Parrot(SyncConsumer):
    def websocket_connect(self, event):
        self.heard = 0
        print("in:", self.scope["client"])
        self.send(dict(type="websocket.accept"))

    def websocket_receive(self, event):
        self.heard += 1
        self.send(event | {"type": "websocket.send"})

    def websocket_disconnect(self, event):
        print("out after", self.heard, "messages, code", event.get("code"))
        raise StopConsumer


EchoConsumer = Parrot
