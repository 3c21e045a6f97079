import json

from channels.generic.websocket import WebsocketConsumer


class ChatConsumer(WebsocketConsumer):
    """Send every message back, and tell what is wrong with everything else."""

    def receive(self, text_data=None, bytes_data=None):
        got = bytes_data if text_data is None else text_data
        try:
            content = json.loads(text_data)
        except (TypeError, ValueError, RecursionError):
            return self.reply({"error": "Send JSON.", "got": got})
        if isinstance(content, dict) and "message" in content:
            self.reply({"message": content["message"]})
        else:
            self.reply({"error": 'Send an object with a "message".', "got": got})

    def reply(self, content):
        self.send(text_data=json.dumps(content))
