from functools import partial

import django_rq
from django.db import transaction
from django.shortcuts import render
from rest_framework import generics

from tasks.jobs import create_task
from tasks.models import Task
from tasks.serializers import TaskSerializer


def index(request):
    return render(request, "tasks/index.html")


# --8<-- [start:create]
class TasksView(generics.CreateAPIView):
    queryset = Task.objects.all()
    serializer_class = TaskSerializer

    def perform_create(self, serializer):
        task = serializer.save()
        job = partial(django_rq.enqueue, create_task, task_id=task.id, duration=task.duration)
        transaction.on_commit(job)


# --8<-- [end:create]
# --8<-- [start:retrieve]
# own instead of: class TaskView(generics.RetrieveAPIView):
class TaskView(generics.RetrieveDestroyAPIView):
    # end own
    queryset = Task.objects.all()
    serializer_class = TaskSerializer


# --8<-- [end:retrieve]
