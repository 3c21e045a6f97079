from rest_framework import serializers

from tasks.models import Task


class TaskSerializer(serializers.ModelSerializer):
    """A task as JSON, and what may be asked for."""

    class Meta:
        model = Task
        fields = ["id", "status", "duration"]
        read_only_fields = ["status"]

    def validate_duration(self, duration):
        if not 0 <= duration < 60:
            raise serializers.ValidationError("Between 0 and 60 seconds.")
        return duration

