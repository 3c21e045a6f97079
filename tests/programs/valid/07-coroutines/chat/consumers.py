import json

from channels.generic.websocket import AsyncWebsocketConsumer


class BadMessage(Exception):
    """What a client sent can't be answered with a message."""


class ChatConsumer(AsyncWebsocketConsumer):
    async def connect(self):
        self.room_name = self.scope["url_route"]["kwargs"]["room_name"]
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        try:
            answer = {"message": self.parse(text_data), "room": self.room_name}
        except BadMessage as problem:
            answer = {"error": str(problem), "room": self.room_name}
        await self.send(text_data=json.dumps(answer))

    def parse(self, text):
        if text is None:
            raise BadMessage("This is a binary frame; send text.")
        try:
            content = json.loads(text)
        except (json.JSONDecodeError, RecursionError, ValueError) as error:
            raise BadMessage(f"This is no JSON: {type(error).__name__}.") from error
        if isinstance(content, dict):
            try:
                return content["message"]
            except KeyError:
                pass
        raise BadMessage("There is no message in it.")
