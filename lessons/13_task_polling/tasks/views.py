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


# TODO: TasksView creates a task and hands its job to the worker, TaskView returns the state of one.
