from channels.generic.websocket import WebsocketConsumer


class EchoConsumer(WebsocketConsumer):
    """Send every message back to the one who sent it."""

    def receive(self, text_data=None, bytes_data=None):
        self.send(text_data=text_data, bytes_data=bytes_data)
