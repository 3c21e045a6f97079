from tasks.models import Task
from tasks.work import work


# --8<-- [start:job]
def create_task(*, task_id, duration):
    """Do the work of a task, in the worker's process, and write down how it ended."""
    task = Task.objects.get(id=task_id)
    try:
        work(duration)
        task.status = Task.SUCCESS
    except Exception:
        task.status = Task.FAILURE
        raise  # so that the worker's log tells what went wrong
    finally:
        task.save(update_fields=["status"])


# --8<-- [end:job]
