import json

from channels.consumer import AsyncConsumer
from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer

from tasks.models import Task
from tasks.serializers import TaskSerializer

HELP = {"error": "Say which task: task-<id>."}


class TasksConsumer(AsyncConsumer):
    """Tell a browser how the tasks end that it has subscribed to."""

    async def websocket_connect(self, event):
        self.names = set()
        await self.send({"type": "websocket.accept"})

    async def websocket_receive(self, event):
        number = number_in(event.get("text"))
        if number is None or await ask(number) is None:
            await self.tell(HELP)
            return
        name = f"task-{number}"
        self.names.add(name)
        await self.channel_layer.group_add(name, self.channel_name)
        await self.tell({"detail": f"Added to group {name}."})
        state = await ask(number)
        if state["status"] != "PENDING":
            await self.tell({"task": state})

    async def push(self, event):
        await self.tell(event["frame"])

    async def tell(self, content):
        await self.send({"type": "websocket.send", "text": json.dumps(content)})

    async def websocket_disconnect(self, event):
        for name in self.names:
            await self.channel_layer.group_discard(name, self.channel_name)
        raise StopConsumer()


def number_in(text):
    """Return the number of the task that a frame names, or None."""
    try:
        word, dash, digits = json.loads(text)["group"].partition("-")
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        return None
    if word != "task" or not dash or not digits.isascii() or not digits.isdigit() or len(digits) > 18:
        return None
    return int(digits)


@database_sync_to_async
def ask(number):
    task = Task.objects.filter(pk=number).first()
    return task and TaskSerializer(task).data
