from channels.generic.websocket import WebsocketConsumer


class Foghorn(WebsocketConsumer):
    """Sound each signal as many times as the keeper was told."""

    def connect(self):
        self.count = int(self.scope["url_route"]["kwargs"]["count"])
        self.accept()

    def receive(self, text_data=None, bytes_data=None):
        for _ in range(self.count):
            self.send(text_data, bytes_data)
