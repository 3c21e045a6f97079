import asyncio
import logging

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer

from echo.slow import slow_reply

logger = logging.getLogger("echo")


class EchoConsumer(AsyncConsumer):
    async def websocket_connect(self, event):
        accept = self.send({"type": "websocket.accept"})
        await accept

    async def websocket_receive(self, event):
        answer = dict(event, type="websocket.send")
        if answer.get("text") is not None:
            (answer["text"],) = await asyncio.gather(asyncio.wait_for(slow_reply(answer["text"]), timeout=30))
        logger.debug("answers %r", answer)
        await self.send(answer)

    async def websocket_disconnect(self, event):
        logger.debug("gone with %s", event.get("code"))
        raise StopConsumer()
