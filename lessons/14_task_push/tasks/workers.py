import django_rq
from django.db import connections
from rq import Worker

from tasks.jobs import create_task
from tasks.models import Task


class TaskWorker(Worker):
    """An RQ worker that first enqueues what another worker has left undone."""

    # TODO: before work() begins, enqueue a job for every task that is still PENDING.
