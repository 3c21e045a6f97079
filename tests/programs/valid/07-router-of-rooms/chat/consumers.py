import json

from channels.generic.websocket import WebsocketConsumer


class ChatConsumer(WebsocketConsumer):
    def websocket_receive(self, event):
        """Look at the frame before the routine does."""
        if event.get("text") is None:
            return self.error("text, please")
        super().websocket_receive(event)

    def receive(self, text_data):
        content = loads_or_none(text_data)
        if isinstance(content, dict) and "message" in content:
            self.send(json.dumps({"message": content["message"], "error_count": self.errors}))
        else:
            self.error('JSON with a "message", please')

    errors = 0

    def error(self, why):
        self.errors += 1
        self.send(json.dumps({"error": why, "error_count": self.errors}))


def loads_or_none(text):
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
