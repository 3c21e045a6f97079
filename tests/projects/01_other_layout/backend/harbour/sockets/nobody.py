from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth.models import AnonymousUser


class Nobody(AsyncWebsocketConsumer):
    """Turn away whoever comes: no route leads anywhere yet."""

    async def connect(self):
        if self.scope.get("user", AnonymousUser()).is_anonymous:
            await self.close(code=4404)
