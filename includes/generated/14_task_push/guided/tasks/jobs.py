from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from tasks.models import Task
from tasks.serializers import TaskSerializer
from tasks.work import work


# --8<-- [start:job]
def create_task(*, task_id, duration):
    """Do the work of a task, in the worker's process; a job for a task that has ended does nothing."""
    if Task.objects.get(id=task_id).status != Task.PENDING:
        return
    try:
        work(duration)
    except Exception:
        end(task_id, Task.FAILURE)
        raise  # so that the worker's log tells what went wrong
    end(task_id, Task.SUCCESS)


# --8<-- [end:job]
# --8<-- [start:end]
def end(task_id, status):
    """Save how a task has ended and push that; of several jobs for one task, only the first to end does so."""
    changed = Task.objects.filter(id=task_id, status=Task.PENDING).update(status=status)
    if changed:
        push(Task.objects.get(id=task_id))


# --8<-- [end:end]
# --8<-- [start:push]
def push(task):
    """Tell everyone who has subscribed to a task its status."""
    group_send = async_to_sync(get_channel_layer().group_send)
    group_send(f"task-{task.id}", {"type": "task.status", "task": TaskSerializer(task).data})


# --8<-- [end:push]
