from channels.generic.websocket import WebsocketConsumer

from ..ledger import write_down

SPOKEN = ("echo.v1",)
FAREWELLS = {"bye": ("goodbye", 4000)}


class Counter(WebsocketConsumer):
    """Serve a client at the counter: what it says comes back."""

    def connect(self):
        self.accept(next((name for name in self.scope["subprotocols"] if name in SPOKEN), None))

    def receive(self, text_data=None, bytes_data=None):
        if text_data in FAREWELLS:
            words, code = FAREWELLS[text_data]
            self.send(words, close=code)
            return
        self.send(text_data, bytes_data)

    def disconnect(self, code):
        write_down(code)
