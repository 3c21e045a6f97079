from django.conf import settings
from django.db import models


class Room(models.Model):
    """A room of the chat, for its members only."""

    name = models.SlugField(unique=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL)
