import json
import re

from channels.generic.websocket import AsyncJsonWebsocketConsumer

from tasks.models import Task
from tasks.serializers import TaskSerializer


class TasksConsumer(AsyncJsonWebsocketConsumer):
    """Tell a browser how its subscribed tasks end."""

    # TODO: {"group": "task-7"} subscribes and is answered; then send on every task from the group.
