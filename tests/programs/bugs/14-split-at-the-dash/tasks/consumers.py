import json

from channels.generic.websocket import AsyncJsonWebsocketConsumer

from tasks.models import Task
from tasks.serializers import TaskSerializer


class TasksConsumer(AsyncJsonWebsocketConsumer):
    """Tell a browser how the tasks end that it has subscribed to."""

    async def receive(self, text_data=None, bytes_data=None):
        try:
            content = json.loads(text_data or "")
        except (ValueError, RecursionError):  # not JSON, or nested thousands of times
            content = None
        await self.receive_json(content)

    async def receive_json(self, content):
        task = await find_task(content.get("group") if isinstance(content, dict) else None)
        if task is None:
            await self.send_json({"error": 'Send {"group": "task-<id>"} with the id of a task.'})
            return
        group = f"task-{task.id}"
        await self.channel_layer.group_add(group, self.channel_name)
        self.groups.append(group)  # the base class leaves these groups when the connection ends
        await self.send_json({"detail": f"Added to group {group}."})
        await self.tell_end(task)

    async def tell_end(self, task):
        """Tell how a task has ended, if it has: nobody who was in the group too late hears of it from there."""
        await task.arefresh_from_db()
        if task.status != Task.PENDING:
            await self.send_json({"task": TaskSerializer(task).data})

    async def task_status(self, event):
        await self.send_json({"task": event["task"]})



async def find_task(group):
    """Return the task that a group is named after, or None."""
    if not isinstance(group, str) or not group.startswith("task-"):
        return None
    return await Task.objects.filter(id=group.split("-")[1]).afirst()


