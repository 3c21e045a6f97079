from functools import partial

import django_rq
from django.db import transaction
from django.views.generic import TemplateView
from rest_framework import mixins, viewsets

from tasks.jobs import create_task
from tasks.models import Task
from tasks.serializers import TaskSerializer

index = TemplateView.as_view(template_name="tasks/index.html")


class TaskViewSet(mixins.CreateModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    queryset = Task.objects.all()
    serializer_class = TaskSerializer

    def perform_create(self, serializer):
        super().perform_create(serializer)
        task = serializer.instance
        transaction.on_commit(partial(self.hand_over, task.id, task.duration))

    @staticmethod
    def hand_over(task_id, duration):
        create_task.delay(task_id=task_id, duration=duration)
