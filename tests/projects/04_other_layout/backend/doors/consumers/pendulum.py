import asyncio

from channels.generic.websocket import AsyncWebsocketConsumer

SPOKEN = ("clock.v2", "clock.v1")
PATIENCE_S = 1


class Pendulum(AsyncWebsocketConsumer):
    """One task for the whole visit: it waits for what the visitor says, and for the next tick."""

    async def connect(self):
        spoken = sorted(set(SPOKEN) & set(self.scope["subprotocols"]), reverse=True)
        await self.accept(*spoken[:1])
        self.said = asyncio.Queue()
        self.swings = asyncio.create_task(self.swing())

    async def receive(self, text_data=None, bytes_data=None):
        await self.said.put(text_data)

    async def disconnect(self, code):
        self.swings.cancel()

    async def swing(self):
        loop = asyncio.get_running_loop()
        ends, ticks, tick_at = loop.time() + PATIENCE_S, 0, None
        while True:
            try:
                async with asyncio.timeout_at(min(ends, tick_at or ends)):
                    word = await self.said.get()
            except TimeoutError:
                if loop.time() >= ends:
                    await self.close(4008)
                    return
                ticks, tick_at = ticks + 1, tick_at + 0.1
                await self.send(f"{ticks}")
                continue
            ends = loop.time() + PATIENCE_S
            if word == "start" and tick_at is None:
                ticks, tick_at = 0, loop.time() + 0.1
            elif word == "stop":
                tick_at = None
                await self.send("stopped")
