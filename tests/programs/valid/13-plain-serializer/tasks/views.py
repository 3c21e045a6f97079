from functools import partial

import django_rq
from django.db import transaction
from django.shortcuts import render
from rest_framework import generics, status
from rest_framework.response import Response
from rest_framework.views import APIView

from tasks.jobs import create_task
from tasks.models import Task
from tasks.serializers import TaskSerializer


def index(request):
    return render(request, "tasks/index.html")


class TasksView(APIView):
    def post(self, request):
        serializer = TaskSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        task = serializer.save()
        job = partial(django_rq.enqueue, create_task, task_id=task.id, duration=task.duration)
        transaction.on_commit(job)
        return Response(serializer.data, status=status.HTTP_201_CREATED, headers={"Location": f"/tasks/{task.id}/"})


class TaskView(generics.RetrieveAPIView):
    queryset = Task.objects.all()
    serializer_class = TaskSerializer


