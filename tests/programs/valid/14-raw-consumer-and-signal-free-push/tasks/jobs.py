from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from tasks.models import Task
from tasks.serializers import TaskSerializer
from tasks.work import work


def create_task(*, task_id, duration):
    """Do the work of a task, in the worker's process; a job for a task that has ended does nothing."""
    if not pending(task_id).exists():
        return
    outcome = Task.FAILURE
    try:
        work(duration)
        outcome = Task.SUCCESS
    finally:
        with transaction.atomic():
            if pending(task_id).update(status=outcome):
                transaction.on_commit(lambda: tell(task_id))


def pending(task_id):
    return Task.objects.filter(pk=task_id, status=Task.PENDING)


def tell(task_id):
    frame = {"task": TaskSerializer(Task.objects.get(pk=task_id)).data}
    async_to_sync(get_channel_layer().group_send)(f"task-{task_id}", {"type": "push", "frame": frame})
