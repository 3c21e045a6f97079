import django_rq
from django.db import transaction
from django.shortcuts import render
from rest_framework.generics import ListCreateAPIView, RetrieveAPIView

from tasks.jobs import create_task
from tasks.models import Task
from tasks.serializers import TaskSerializer


def index(request):
    return render(request, "tasks/index.html")


class Tasks:
    queryset = Task.objects.order_by("-id")
    serializer_class = TaskSerializer


class TasksView(Tasks, ListCreateAPIView):
    def perform_create(self, serializer):
        super().perform_create(serializer)
        task_id = serializer.instance.pk
        transaction.on_commit(lambda: django_rq.get_queue().enqueue(create_task, task_id))


class TaskView(Tasks, RetrieveAPIView):
    pass
