from django_rq import job

from tasks.models import Task
from tasks.work import work


@job("default")
def create_task(*, task_id, duration):
    """Do the work of a task, in the worker's process, and write down how it ended."""
    ended = Task.FAILURE
    try:
        work(duration)
        ended = Task.SUCCESS
    finally:
        Task.objects.filter(pk=task_id).update(status=ended)
