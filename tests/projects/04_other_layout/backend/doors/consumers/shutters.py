from channels.generic.websocket import AsyncJsonWebsocketConsumer


class Shutters(AsyncJsonWebsocketConsumer):
    """Tell every visitor that the house is closed."""

    async def connect(self):
        await self.accept()
        await self.send_json({"detail": "We open at nine."}, close=4001)
