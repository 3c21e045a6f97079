from channels.exceptions import DenyConnection
from channels.generic.websocket import WebsocketConsumer
from django.http import QueryDict

DIGITS = set("0123456789")
MOST = 20


def whole(text):
    """Return the number that a text writes down; deny whoever sends another."""
    if not 1 <= len(text) <= 9 or set(text) - DIGITS:
        raise DenyConnection
    return int(text)


class Purser(WebsocketConsumer):
    """Count what is in the holds."""

    def connect(self):
        *holds, nothing = self.scope["url_route"]["kwargs"]["holds"].split("/")
        asked = QueryDict(self.scope["query_string"]).getlist("times") or ["1"]
        total = sum(map(whole, holds)) * whole(asked[0])
        if nothing or len(holds) > MOST:
            raise DenyConnection
        self.accept()
        self.send(f"{total}")
