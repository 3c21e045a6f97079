from django.db import models


class Task(models.Model):
    """Work that takes its time."""

    PENDING = "PENDING"
    SUCCESS = "SUCCESS"
    FAILURE = "FAILURE"

    duration = models.FloatField(help_text="seconds")
    status = models.CharField(max_length=7, default=PENDING)
