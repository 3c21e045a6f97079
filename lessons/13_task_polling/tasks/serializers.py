from rest_framework import serializers

from tasks.models import Task


class TaskSerializer(serializers.ModelSerializer):
    """A task as JSON, and what may be asked for."""

    # TODO: id, status and duration; only the server sets the status, and the duration is between 0 and 60.
