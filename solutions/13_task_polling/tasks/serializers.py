from rest_framework import serializers

from tasks.models import Task


class TaskSerializer(serializers.ModelSerializer):
    """A task as JSON, and what may be asked for."""

    # --8<-- [start:meta]
    class Meta:
        model = Task
        fields = ["id", "status", "duration"]
        read_only_fields = ["status"]
        extra_kwargs = {"duration": {"min_value": 0, "max_value": 60}}

    # --8<-- [end:meta]
