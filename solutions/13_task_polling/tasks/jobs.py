from tasks.models import Task
from tasks.work import work


# --8<-- [start:job]
def create_task(*, task_id, duration):
    """Do the work of a task, in the worker's process, and write down how it ended."""
    # own instead of: task = Task.objects.get(id=task_id)
    task = Task.objects.filter(id=task_id).first()
    if task is None:  # cancelled while it waited
        return
    # end own
    try:
        work(duration)
        task.status = Task.SUCCESS
    except Exception:
        task.status = Task.FAILURE
        raise  # so that the worker's log tells what went wrong
    finally:
        # own instead of: task.save(update_fields=["status"])
        Task.objects.filter(id=task_id).update(status=task.status)  # nothing, if it was cancelled meanwhile
        # end own


# --8<-- [end:job]
