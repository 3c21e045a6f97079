import asyncio

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer

from echo.slow import slow_reply


class EchoConsumer(AsyncConsumer):
    """Send every message back to the one who sent it, once slow_reply is done with it."""

    async def websocket_connect(self, event):
        self.known = {}
        await self.send({"type": "websocket.accept"})

    async def websocket_receive(self, event):
        if event.get("bytes") is not None:
            await self.send({"type": "websocket.send", "bytes": event["bytes"]})
        else:
            text = event["text"]
            if text not in self.known:
                self.known[text] = await slow_reply(text)
            reply = self.known[text]
            await self.send({"type": "websocket.send", "text": reply})

    async def websocket_disconnect(self, event):
        raise StopConsumer()



class RaceConsumer(EchoConsumer):
    """Ask slow_reply for all words of a message at once, and answer each when its reply is ready."""

    async def websocket_connect(self, event):
        self.tasks = set()
        await super().websocket_connect(event)

    async def websocket_receive(self, event):
        for word in (event.get("text") or "").split(","):
            if word:
                task = asyncio.create_task(self.answer(word))
                # The loop itself holds a task only weakly.
                self.tasks.add(task)
                task.add_done_callback(self.tasks.discard)

    async def answer(self, word):
        reply = await slow_reply(word)
        await self.send({"type": "websocket.send", "text": reply})

    async def websocket_disconnect(self, event):
        for task in self.tasks:
            task.cancel()
        await super().websocket_disconnect(event)


