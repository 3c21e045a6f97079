import logging
from contextlib import contextmanager

from tasks.models import Task
from tasks.work import work

logger = logging.getLogger(__name__)


@contextmanager
def written_down(task):
    try:
        yield
    except BaseException:
        logger.exception("Task %s has failed.", task.pk)
        task.status = task.FAILURE
        task.save()
        raise
    task.status = task.SUCCESS
    task.save()


def create_task(*, task_id, duration):
    """Do the work of a task, in the worker's process, and write down how it ended."""
    with written_down(Task.objects.get(pk=task_id)):
        work(duration)
