import json

from channels.generic.websocket import WebsocketConsumer


class ChatConsumer(WebsocketConsumer):
    """Send every message back, and tell what is wrong with everything else."""

    def receive(self, text_data=None, bytes_data=None):
        if bytes_data is not None:
            return self.reply(error="Send text, not bytes.")
        try:
            message = json.loads(text_data)["message"]
        except KeyError:
            self.reply(error='Send an object with a "message".')
        except (ValueError, RecursionError):
            self.reply(error="Send JSON.")
        else:
            self.reply(message=message)

    def reply(self, **content):
        self.send(text_data=json.dumps(content))
