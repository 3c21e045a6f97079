from tasks.models import Task
from tasks.work import work


def create_task(*, task_id, duration):
    """Do the work of a task, in the worker's process, and write down how it ended."""
    # TODO
