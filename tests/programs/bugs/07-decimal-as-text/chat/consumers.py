import json
from decimal import Decimal

from channels.generic.websocket import WebsocketConsumer


class ChatConsumer(WebsocketConsumer):
    """Send every message back, and say what is wrong with everything else."""

    def receive(self, text_data=None, bytes_data=None):
        try:
            self.reply({"message": read_message(text_data)})
        except ValueError as problem:
            self.reply({"error": str(problem)})

    def reply(self, content):
        self.send(text_data=json.dumps(content, default=str))



def read_message(text):
    """Return the message in a client's text; raise ValueError if there is none."""
    if text is None:
        raise ValueError("Send text, not bytes.")
    try:
        content = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):  # not JSON, or nested thousands of times
        raise ValueError("Send JSON.") from None
    if not isinstance(content, dict) or "message" not in content:
        raise ValueError('Send an object with a "message".')
    return content["message"]


