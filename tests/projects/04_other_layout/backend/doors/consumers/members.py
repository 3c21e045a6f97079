from channels.exceptions import DenyConnection
from django.http import QueryDict

from .counter import Counter


class Members(Counter):
    """Serve those who know the key."""

    def __init__(self, *args, key, **kwargs):
        super().__init__(*args, **kwargs)
        self.key = key

    def connect(self):
        if QueryDict(self.scope["query_string"]).get("key") != self.key:
            raise DenyConnection()
        super().connect()
