from channels.generic.websocket import WebsocketConsumer

from .protocol import decode


class ChatConsumer(WebsocketConsumer):
    def receive(self, text_data=None, bytes_data=None):
        self.send(decode(text_data, bytes_data).encode())
