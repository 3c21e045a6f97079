import json
import re

from channels.generic.websocket import AsyncJsonWebsocketConsumer

from tasks.models import Task
from tasks.serializers import TaskSerializer


class TasksConsumer(AsyncJsonWebsocketConsumer):
    """Tell a browser how the tasks end that it has subscribed to."""

    # TODO: {"group": "task-7"} subscribes, and is answered; then every task in the group is sent on.
