from channels.generic.websocket import AsyncJsonWebsocketConsumer


class Operator(AsyncJsonWebsocketConsumer):
    """Repeats what it hears."""

    async def connect(self) -> None:
        await self.accept()
        await self.send_json({"welcome": self.scope["url_route"]["kwargs"]["room_name"]})

    async def receive_json(self, content: dict, **kwargs: object) -> None:
        await self.send_json({"message": content["message"], "status": "received"})
