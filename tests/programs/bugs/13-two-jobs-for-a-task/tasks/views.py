from functools import partial

import django_rq
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.shortcuts import render
from rest_framework import generics

from tasks.jobs import create_task
from tasks.models import Task
from tasks.serializers import TaskSerializer


@receiver(post_save, sender=Task)
def put_into_the_queue(sender, instance, created, **kwargs):
    if created:
        transaction.on_commit(partial(django_rq.enqueue, create_task, task_id=instance.id, duration=instance.duration))


def index(request):
    return render(request, "tasks/index.html")


class TasksView(generics.CreateAPIView):
    queryset = Task.objects.all()
    serializer_class = TaskSerializer

    def perform_create(self, serializer):
        task = serializer.save()
        job = partial(django_rq.enqueue, create_task, task_id=task.id, duration=task.duration)
        transaction.on_commit(job)


class TaskView(generics.RetrieveAPIView):
    queryset = Task.objects.all()
    serializer_class = TaskSerializer


