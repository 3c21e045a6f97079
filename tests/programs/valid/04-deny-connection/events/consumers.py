from channels.exceptions import DenyConnection
from channels.generic.websocket import WebsocketConsumer

from events.members import has_key
from events.memory import last_close


class EventsConsumer(WebsocketConsumer):
    """Send every message back, say goodbye, and remember how the connection ended."""

    def connect(self):
        self.check()
        known = [name for name in self.scope["subprotocols"] if name == "echo.v1"]
        self.accept(subprotocol=known[0] if known else None)
        self.welcome()

    def check(self):
        """Raise DenyConnection for whom you do not let in."""

    def welcome(self):
        """What to do with whoever has come in."""

    def receive(self, text_data=None, bytes_data=None):
        if text_data == "bye":
            self.send(text_data="goodbye", close=4000)
        else:
            self.send(text_data, bytes_data)

    def disconnect(self, code):
        last_close["code"] = code


class MembersConsumer(EventsConsumer):
    def check(self):
        if not has_key(self.scope):
            raise DenyConnection()


class ClosedConsumer(EventsConsumer):
    def welcome(self):
        self.close(4001)
