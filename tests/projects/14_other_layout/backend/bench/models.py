from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


class Order(models.Model):
    class State(models.TextChoices):
        PENDING = "PENDING"
        SUCCESS = "SUCCESS"
        FAILURE = "FAILURE"

    seconds = models.FloatField(validators=[MinValueValidator(0), MaxValueValidator(60)])
    state = models.CharField(max_length=10, choices=State, default=State.PENDING, editable=False)
    percent = models.PositiveSmallIntegerField(default=0, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
