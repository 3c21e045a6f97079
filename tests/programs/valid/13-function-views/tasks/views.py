import django_rq
from django.db.transaction import on_commit
from django.shortcuts import get_object_or_404, render
from rest_framework.decorators import api_view
from rest_framework.response import Response

from tasks.jobs import create_task
from tasks.models import Task
from tasks.serializers import TaskSerializer


def index(request):
    return render(request, "tasks/index.html")


@api_view(["POST"])
def new_task(request):
    wanted = TaskSerializer(data=request.data)
    if not wanted.is_valid():
        return Response(wanted.errors, status=400)
    task = wanted.save()
    queue = django_rq.get_queue("default")
    on_commit(lambda: queue.enqueue(create_task, kwargs={"task_id": task.pk, "duration": task.duration}))
    return Response(TaskSerializer(task).data, status=201)


@api_view(["GET"])
def one_task(request, number):
    return Response(TaskSerializer(get_object_or_404(Task, pk=number)).data)
