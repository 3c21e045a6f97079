from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from tasks.models import Task
from tasks.serializers import TaskSerializer
from tasks.work import work


def create_task(*, task_id, duration):
    """Do the work of a task, in the worker's process, and write down how it ended."""
    # TODO: tell everyone in the group task-<id> once, even if the job runs twice.
    task = Task.objects.get(id=task_id)
    try:
        work(duration)
        task.status = Task.SUCCESS
    except Exception:
        task.status = Task.FAILURE
        raise  # so that the worker's log tells what went wrong
    finally:
        task.save(update_fields=["status"])
