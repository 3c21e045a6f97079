import json
from functools import cached_property

from channels.generic.websocket import AsyncWebsocketConsumer

from tasks.models import Task
from tasks.serializers import TaskSerializer


class TasksConsumer(AsyncWebsocketConsumer):
    """Tell a browser how the tasks end that it has subscribed to."""

    @cached_property
    def known(self):
        return {"group": self.subscribe}

    async def receive(self, text_data=None, bytes_data=None):
        try:
            content = json.loads(text_data or "null")
        except (ValueError, RecursionError):
            content = None
        if isinstance(content, dict):
            for key, handler in self.known.items():
                if key in content:
                    return await handler(content[key])
        await self.answer(error="I know one key: group.")

    async def subscribe(self, name):
        task = await self.task_of(name)
        if not task:
            return await self.answer(error="There is no such task.")
        name = f"task-{task.pk}"
        await self.channel_layer.group_add(name, self.channel_name)
        if name not in self.groups:
            self.groups.append(name)
        await self.answer(detail=f"Added to group {name}.")
        ended = await Task.objects.exclude(status=Task.PENDING).filter(pk=task.pk).afirst()
        if ended:
            await self.answer(task=TaskSerializer(ended).data)

    async def task_of(self, name):
        number = name.removeprefix("task-") if isinstance(name, str) else ""
        if f"task-{number}" != name or not number.isdecimal() or not number.isascii() or len(number) > 18:
            return None
        return await Task.objects.filter(pk=int(number)).afirst()

    async def task_status(self, event):
        await self.answer(task=event["task"])

    async def answer(self, **content):
        await self.send(text_data=json.dumps(content))
