import django_rq
from django.db import connections
from rq import Worker

from tasks.jobs import create_task
from tasks.models import Task


class TaskWorker(Worker):
    """An RQ worker that first puts back what another one has left undone."""

    # TODO: before work() begins, a job for every task that is still PENDING.
