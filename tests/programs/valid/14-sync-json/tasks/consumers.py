import re

from asgiref.sync import async_to_sync
from channels.generic.websocket import JsonWebsocketConsumer

from tasks.models import Task
from tasks.serializers import TaskSerializer

NAME = re.compile(r"task-(?P<id>[0-9]{1,15})")


class TasksConsumer(JsonWebsocketConsumer):
    """Tell a browser how the tasks end that it has subscribed to."""

    def connect(self):
        self.subscribed = set()
        self.accept()

    def receive(self, text_data=None, bytes_data=None, **kwargs):
        try:
            content = self.decode_json(text_data or "")
            group = content["group"]
            match = NAME.fullmatch(group)
            task = Task.objects.get(pk=int(match["id"]))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, Task.DoesNotExist):
            self.send_json({"error": "There is no such task."})
        else:
            self.subscribe(f"task-{task.pk}", task)

    def subscribe(self, group, task):
        async_to_sync(self.channel_layer.group_add)(group, self.channel_name)
        self.subscribed.add(group)
        self.send_json({"detail": f"Added to group {group}."})
        task.refresh_from_db()
        if task.status in (Task.SUCCESS, Task.FAILURE):
            self.task_has_ended({"task": TaskSerializer(task).data})

    def task_has_ended(self, event):
        self.send_json({"task": event["task"]})

    def disconnect(self, code):
        for group in self.subscribed:
            async_to_sync(self.channel_layer.group_discard)(group, self.channel_name)
