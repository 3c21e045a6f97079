import logging

from channels.generic.websocket import AsyncJsonWebsocketConsumer

logger = logging.getLogger(__name__)


class ChatConsumer(AsyncJsonWebsocketConsumer):
    async def receive(self, text_data=None, bytes_data=None, **kwargs):
        try:
            content = await self.decode_json(text_data or "")
        except (ValueError, RecursionError) as problem:
            logger.info("bad text: %s", type(problem).__name__)
            await self.send_json({"error": "Send JSON."})
        else:
            await self.receive_json(content)

    async def receive_json(self, content, **kwargs):
        match content:
            case {"message": message}:
                await self.send_json({"message": message})
            case dict():
                await self.send_json({"error": "No message in the object.", "keys": sorted(content)})
            case _:
                await self.send_json({"error": f"An object is needed, not {type(content).__name__}."})
