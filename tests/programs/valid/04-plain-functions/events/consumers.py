from channels.consumer import SyncConsumer
from channels.exceptions import StopConsumer

from events.members import has_key
from events.memory import last_close


class EventsConsumer(SyncConsumer):
    def websocket_connect(self, event):
        accept = {"type": "websocket.accept"}
        if "echo.v1" in self.scope["subprotocols"]:
            accept["subprotocol"] = "echo.v1"
        self.send(accept)

    def websocket_receive(self, event):
        if event.get("text") == "bye":
            self.send({"type": "websocket.send", "text": "goodbye"})
            self.send({"type": "websocket.close", "code": 4000, "reason": "bye"})
            return
        self.send({**event, "type": "websocket.send"})

    def websocket_disconnect(self, event):
        last_close.update(code=event.get("code"))
        raise StopConsumer()


class MembersConsumer(EventsConsumer):
    def websocket_connect(self, event):
        if not has_key(self.scope):
            self.send({"type": "websocket.close", "code": 4003})
            return
        super().websocket_connect(event)


class ClosedConsumer(EventsConsumer):
    def websocket_connect(self, event):
        super().websocket_connect(event)
        self.send({"type": "websocket.close", "code": 4001, "reason": "closed for today"})
