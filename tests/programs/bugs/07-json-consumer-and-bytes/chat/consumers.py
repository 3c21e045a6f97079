from json import JSONDecodeError

from channels.generic.websocket import JsonWebsocketConsumer


class ChatConsumer(JsonWebsocketConsumer):
    """Send every message back, and tell what is wrong with everything else."""

    def receive(self, text_data=None, bytes_data=None, **kwargs):
        try:
            super().receive(text_data=text_data, bytes_data=bytes_data, **kwargs)
        except (JSONDecodeError, RecursionError):
            self.send_json({"error": "Send JSON."})

    def receive_json(self, content, **kwargs):
        if isinstance(content, dict) and "message" in content:
            self.send_json({"message": content["message"]})
        else:
            self.send_json({"error": 'Send an object with a "message".'})
