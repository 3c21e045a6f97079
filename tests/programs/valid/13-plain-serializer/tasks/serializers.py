from django.core.validators import MaxValueValidator, MinValueValidator
from rest_framework import serializers

from tasks.models import Task


class TaskSerializer(serializers.Serializer):
    """A task as JSON, and what may be asked for."""

    id = serializers.IntegerField(read_only=True)
    status = serializers.CharField(read_only=True)
    duration = serializers.FloatField(validators=[MinValueValidator(0), MaxValueValidator(60)])

    def create(self, validated_data):
        return Task.objects.create(**validated_data)
