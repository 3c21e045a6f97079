import logging

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer

from events.members import has_key
from events.memory import last_close

logger = logging.getLogger(__name__)
SUBPROTOCOL = "echo.v1"


class Sender:
    async def accept(self):
        offered = self.scope.get("subprotocols") or ()
        chosen = SUBPROTOCOL if SUBPROTOCOL in offered else None
        await self.send({"type": "websocket.accept", "subprotocol": chosen, "headers": [(b"x-lesson", b"04")]})

    async def say(self, **frame):
        await self.send({"type": "websocket.send", **frame})

    async def hang_up(self, code=1000):
        await self.send({"type": "websocket.close", "code": code})


class EventsConsumer(Sender, AsyncConsumer):
    async def websocket_connect(self, event):
        await (self.enter() if self.may_enter() else self.hang_up())

    def may_enter(self):
        return True

    async def enter(self):
        await self.accept()

    async def websocket_receive(self, event):
        text = event.get("text")
        word = self.words.get(text)
        if word is not None:
            await word(self)
        elif text is None:
            await self.say(bytes=event["bytes"])
        else:
            await self.say(text=text)

    async def goodbye(self):
        await self.say(text="goodbye")
        await self.hang_up(4000)

    words = {"bye": goodbye}

    async def websocket_disconnect(self, event):
        last_close["code"] = event["code"]
        logger.info("ended with %s", event["code"])
        raise StopConsumer()


class MembersConsumer(EventsConsumer):
    def may_enter(self):
        return has_key(self.scope)


class ClosedConsumer(EventsConsumer):
    async def enter(self):
        await super().enter()
        await self.hang_up(4001)
