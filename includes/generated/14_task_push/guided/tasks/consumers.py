import json
import re

from channels.generic.websocket import AsyncJsonWebsocketConsumer

from tasks.models import Task
from tasks.serializers import TaskSerializer

MOST_TASKS = 100  # that one connection may wait for


class TasksConsumer(AsyncJsonWebsocketConsumer):
    """Tell a browser how its subscribed tasks end."""

    # --8<-- [start:receive]
    async def receive(self, text_data=None, bytes_data=None):
        try:
            content = json.loads(text_data or "")
        except (ValueError, RecursionError):  # not JSON, or nested thousands of times
            content = None
        await self.receive_json(content)

    # --8<-- [end:receive]
    # --8<-- [start:receive-json]
    async def receive_json(self, content):
        task = await find_task(content.get("group") if isinstance(content, dict) else None)
        if task is None:
            await self.send_json({"error": 'Send {"group": "task-<id>"} with the id of a task.'})
            return
        group = f"task-{task.id}"
        if group not in self.groups:
            if len(self.groups) == MOST_TASKS:
                await self.send_json({"error": f"At most {MOST_TASKS} tasks on one connection."})
                return
            self.groups.append(group)  # the base class leaves these groups when the connection ends
        await self.channel_layer.group_add(group, self.channel_name)
        await self.send_json({"detail": f"Added to group {group}."})
        await self.tell_end(task)

    # --8<-- [end:receive-json]
    # --8<-- [start:tell-end]
    async def tell_end(self, task):
        """Tell how a task has ended, if it has: a client that joined the group too late does not hear it there."""
        await task.arefresh_from_db()
        if task.status != Task.PENDING:
            await self.send_json({"task": TaskSerializer(task).data})

    # --8<-- [end:tell-end]
    # --8<-- [start:handler]
    async def task_status(self, event):
        await self.send_json({"task": event["task"]})

    # --8<-- [end:handler]


# --8<-- [start:find]
async def find_task(group):
    """Return the task that a group is named after, or None."""
    match = re.fullmatch(r"task-([0-9]{1,18})", group) if isinstance(group, str) else None
    return await Task.objects.filter(id=match[1]).afirst() if match else None


# --8<-- [end:find]
