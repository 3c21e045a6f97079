from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer

from echo.slow import slow_reply


async def at_once(data):
    return data


ANSWERS = {"text": slow_reply, "bytes": at_once}


class EchoConsumer(AsyncConsumer):
    async def websocket_connect(self, _):
        await self.send({"type": "websocket.accept"})

    async def websocket_receive(self, event):
        for kind, answer in ANSWERS.items():
            if (data := event.get(kind)) is not None:
                await self.reply(**{kind: await answer(data)})

    async def reply(self, **frame):
        await self.send({"type": "websocket.send"} | frame)

    async def websocket_disconnect(self, _):
        raise StopConsumer
