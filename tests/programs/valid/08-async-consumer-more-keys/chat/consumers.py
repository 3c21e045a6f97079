import json
import logging

from channels.generic.websocket import AsyncWebsocketConsumer

logger = logging.getLogger(__name__)


class ChatConsumer(AsyncWebsocketConsumer):
    async def connect(self):
        self.room = self.scope["url_route"]["kwargs"]["room_name"]
        self.number = 0
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        try:
            content = json.loads(text_data)
            message = content["message"] if isinstance(content, dict) else None
        except (TypeError, ValueError, KeyError, RecursionError) as problem:
            logger.info("not sent: %s", type(problem).__name__)
            return await self.answer(error='Send JSON: an object with a "message".')
        if not isinstance(content, dict):
            return await self.answer(error="Send an object.")
        self.number += 1
        await self.answer(message=message, number=self.number)

    async def answer(self, **content):
        await self.send(text_data=json.dumps({"room": self.room, **content}))
