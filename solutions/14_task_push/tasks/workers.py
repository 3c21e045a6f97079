import django_rq
from django.db import connections
from rq import Worker

from tasks.jobs import create_task
from tasks.models import Task


class TaskWorker(Worker):
    """An RQ worker that first enqueues what another worker has left undone."""

    # --8<-- [start:work]
    def work(self, *args, **kwargs):
        for task in Task.objects.filter(status=Task.PENDING).order_by("id"):
            django_rq.enqueue(create_task, task_id=task.id, duration=task.duration)
        connections.close_all()  # each job runs in a fork of this process, and needs a connection of its own
        return super().work(*args, **kwargs)

    # --8<-- [end:work]
