from urllib.parse import parse_qsl

from channels.consumer import SyncConsumer
from channels.exceptions import StopConsumer

from parrot.greetings import greeting


class Base(SyncConsumer):
    def route(self, key):
        return self.scope["url_route"]["kwargs"][key]

    def websocket_connect(self, event):
        self.send({"type": "websocket.accept"})

    def websocket_receive(self, event):
        pass

    def websocket_disconnect(self, event):
        raise StopConsumer()


class RepeatConsumer(Base):
    def websocket_connect(self, event):
        self.times = self.route("times")
        super().websocket_connect(event)

    def websocket_receive(self, event):
        left = self.times
        while left:
            self.send({"type": "websocket.send", "text": event.get("text"), "bytes": event.get("bytes")})
            left -= 1


class HelloConsumer(Base):
    def websocket_connect(self, event):
        super().websocket_connect(event)
        pairs = parse_qsl(self.scope["query_string"].decode("latin-1"), keep_blank_values=True)
        lang = next((value for key, value in pairs if key == "lang"), "en")
        self.send({"type": "websocket.send", "text": greeting(self.route("name"), lang)})
