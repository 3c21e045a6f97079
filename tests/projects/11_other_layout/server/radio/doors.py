"""Who may speak on a channel."""

from channels.db import database_sync_to_async
from channels.middleware import BaseMiddleware

from radio.models import Membership


class CrewOnly(BaseMiddleware):
    """Puts the close code for a stranger into the scope, None for one of the crew."""

    async def __call__(self, scope, receive, send):
        title = scope["url_route"]["kwargs"]["room_name"]
        return await super().__call__({**scope, "refusal": await self.refusal(scope["user"], title)}, receive, send)

    @database_sync_to_async
    def refusal(self, person, title):
        if person.is_anonymous:
            return 4401
        known = Membership.objects.filter(person_id=person.pk, channel__title=title).exists()
        return None if known else 4403
