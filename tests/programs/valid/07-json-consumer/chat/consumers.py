import json

from channels.generic.websocket import JsonWebsocketConsumer

NOTHING = object()


class ChatConsumer(JsonWebsocketConsumer):
    """decode_json never raises: it hands over NOTHING for a text that is no JSON."""

    def receive(self, text_data=None, bytes_data=None, **kwargs):
        if not text_data:
            self.complain("Send a text, and not an empty one.")
        else:
            super().receive(text_data=text_data, **kwargs)

    def receive_json(self, content, **kwargs):
        if content is NOTHING:
            self.complain("Send JSON.")
        elif not isinstance(content, dict):
            self.complain("Send an object.")
        elif "message" not in content:
            self.complain("Send a message in the object.")
        else:
            self.send_json({"message": content["message"]})

    def complain(self, why):
        self.send_json({"error": why})

    @classmethod
    def decode_json(cls, text_data):
        try:
            return json.loads(text_data)
        except (ValueError, RecursionError):
            return NOTHING
