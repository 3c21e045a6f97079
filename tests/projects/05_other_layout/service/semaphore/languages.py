"""Which language a ship speaks, as an ASGI middleware."""

from django.http import QueryDict

SPOKEN = {"en": "Hello", "da": "Hej", "es": "Hola"}
DEFAULT = "en"


class Languages:
    """Put the word for hello into the scope."""

    def __init__(self, inner):
        self.inner = inner

    async def __call__(self, scope, receive, send):
        asked = (QueryDict(scope["query_string"]).getlist("lang") or [None])[0]
        word = SPOKEN.get(asked, SPOKEN[DEFAULT])
        return await self.inner(dict(scope, hello=word), receive, send)
