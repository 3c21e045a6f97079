import django_rq
from django.db import connections
from rq import Worker

from tasks.jobs import create_task
from tasks.models import Task


class TaskWorker(Worker):
    """An RQ worker that first puts back what another one has left undone."""

    def work(self, *args, **kwargs):
        task = Task.objects.filter(status=Task.PENDING).order_by("id").first()
        if task:  # the one that the other worker was at
            django_rq.enqueue(create_task, task_id=task.id, duration=task.duration)
        connections.close_all()  # each job runs in a fork of this process, and needs a connection of its own
        return super().work(*args, **kwargs)

