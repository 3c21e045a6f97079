from channels.generic.websocket import AsyncJsonWebsocketConsumer

from ..ledger import write_down
from .counter import SPOKEN


class Shutters(AsyncJsonWebsocketConsumer):
    """Tell every visitor that the house is closed."""

    async def connect(self):
        await self.accept(next((name for name in self.scope["subprotocols"] if name in SPOKEN), None))
        await self.send_json({"detail": "We open at nine."}, close=4001)

    async def disconnect(self, code):
        write_down(code)
