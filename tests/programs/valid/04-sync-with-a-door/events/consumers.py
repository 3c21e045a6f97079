from channels.consumer import SyncConsumer
from channels.exceptions import StopConsumer

from events import memory
from events.members import has_key

PROTOCOL = "echo.v1"


class EventsConsumer(SyncConsumer):
    def open(self):
        offered = set(self.scope.get("subprotocols", ()))
        self.send({"type": "websocket.accept", "subprotocol": PROTOCOL} if PROTOCOL in offered else {"type": "websocket.accept"})

    def websocket_connect(self, event):
        self.open()

    def websocket_receive(self, event):
        match event:
            case {"text": "bye"}:
                self.send({"type": "websocket.send", "text": "goodbye"})
                self.send({"type": "websocket.close", "code": 4000, "reason": "bye"})
            case {"bytes": bytes(data)}:
                self.send({"type": "websocket.send", "bytes": data})
            case {"text": str(text)}:
                self.send({"type": "websocket.send", "text": text})

    def websocket_disconnect(self, event):
        memory.last_close.update(code=event.get("code"))
        raise StopConsumer()


class MembersConsumer(EventsConsumer):
    def open(self):
        if not has_key(self.scope):
            return self.send({"type": "websocket.close"})
        return super().open()


class ClosedConsumer(EventsConsumer):
    def open(self):
        super().open()
        self.send({"type": "websocket.close", "code": 4001})
