"""Who may speak on a channel."""

import uuid
from urllib.parse import parse_qsl

from channels.db import database_sync_to_async
from channels.middleware import BaseMiddleware
from django.contrib.auth import get_user_model
from django.core.cache import cache

from radio.models import Membership

PASS = "pass {} {}"
LASTS_S = 10


def issue(person, title):
    number = uuid.uuid4().hex
    cache.set(PASS.format(title, number), person.pk, LASTS_S)
    return number


class CrewOnly(BaseMiddleware):
    """Puts the close code for a stranger into the scope, None for one of the crew."""

    async def __call__(self, scope, receive, send):
        title = scope["url_route"]["kwargs"]["room_name"]
        person = await self.bearer(scope, title)
        scope = {**scope, "user": person, "refusal": await self.refusal(person, title)}
        return await super().__call__(scope, receive, send)

    @database_sync_to_async
    def bearer(self, scope, title):
        number = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("ticket")
        if number is None or scope["user"].is_authenticated:
            return scope["user"]
        key = PASS.format(title, number)
        person = get_user_model().objects.filter(pk=cache.get(key)).first()
        return person if person and cache.delete(key) else scope["user"]

    @database_sync_to_async
    def refusal(self, person, title):
        if person.is_anonymous:
            return 4401
        known = Membership.objects.filter(person_id=person.pk, channel__title=title).exists()
        return None if known else 4403
