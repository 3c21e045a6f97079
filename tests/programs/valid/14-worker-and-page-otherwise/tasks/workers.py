import logging

from django.db import connections
from django_rq import get_queue
from rq import Worker

from tasks.jobs import create_task
from tasks.models import Task

logger = logging.getLogger(__name__)


def put_back():
    """Make a job for each task that nobody has ended, the oldest first."""
    queue = get_queue("default")
    undone = list(Task.objects.filter(status=Task.PENDING).order_by("pk").values_list("pk", "duration"))
    for task_id, duration in undone:
        queue.enqueue_call(create_task, kwargs={"task_id": task_id, "duration": duration})
    logger.info("%d put back", len(undone))


class TaskWorker(Worker):
    """An RQ worker that first puts back what another one has left undone."""

    def work(self, *args, **kwargs):
        try:
            put_back()
        finally:
            for connection in connections.all():
                connection.close()
        return super().work(*args, **kwargs)
