from django.contrib.auth import get_user_model
from django.db import models


class Class(models.Model):
    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=200)
    seats = models.IntegerField()
    taken = models.IntegerField(default=0)
    companion = models.ForeignKey("self", models.CASCADE, null=True)


class Seat(models.Model):
    user = models.ForeignKey(get_user_model(), models.CASCADE)
    place = models.ForeignKey(Class, models.CASCADE)

    class Meta:
        unique_together = [("user", "place")]
