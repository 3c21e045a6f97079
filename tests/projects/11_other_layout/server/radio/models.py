from django.conf import settings
from django.db import models


class Channel(models.Model):
    title = models.CharField(max_length=80, unique=True)


class Membership(models.Model):
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    channel = models.ForeignKey(Channel, models.CASCADE)
