import json
import logging

from channels.generic.websocket import AsyncWebsocketConsumer

from courses.registrations import group_of

logger = logging.getLogger(__name__)


class CommandError(Exception):
    pass


class EventsConsumer(AsyncWebsocketConsumer):
    """Tell a student how their registrations went."""

    async def receive(self, text_data=None, bytes_data=None):
        try:
            answer = await self.obey(text_data)
        except CommandError as error:
            logger.info("refused: %s", error)
            answer = {"error": str(error)}
        await self.send(json.dumps(answer))

    async def obey(self, text):
        try:
            content = json.loads(text or "")
        except (ValueError, RecursionError):
            raise CommandError("no JSON") from None
        if not isinstance(content, dict) or content.get("command") not in ("subscribe", "unsubscribe"):
            raise CommandError("no such command")
        me = self.scope.get("user")
        if me is None or me.is_anonymous or me.username != content.get("student"):
            raise CommandError("not you")
        return await getattr(self, f"on_{content['command']}")(me)

    async def on_subscribe(self, me):
        if group_of(me) not in self.groups:
            self.groups.append(group_of(me))
        await self.channel_layer.group_add(group_of(me), self.channel_name)
        return {"message": f"Subscribed to {me.username} events.", "type": "subscribe"}

    async def on_unsubscribe(self, me):
        if group_of(me) in self.groups:
            self.groups.remove(group_of(me))
        await self.channel_layer.group_discard(group_of(me), self.channel_name)
        return {"message": f"Unsubscribed from {me.username} events.", "type": "unsubscribe"}

    async def registration_told(self, event):
        await self.send(event["frame"])
