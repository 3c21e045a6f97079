import asyncio
import logging

from channels.layers import get_channel_layer
from django.db import connection
from django.http import JsonResponse

from courses.models import Section

LIMIT_S = 2

logger = logging.getLogger(__name__)


async def healthz(request):
    """Answer 200 when a request that comes now could be served, 503 when not; in time, either way."""
    database = await is_well(read_a_row)
    layer = await is_well(make_a_round_trip)
    return JsonResponse({"database": database, "layer": layer}, status=200 if database and layer else 503)


async def is_well(ask):
    try:
        async with asyncio.timeout(LIMIT_S):
            await ask()
    except Exception as error:  # whatever it is, the answer is the same
        logger.warning("%s: %r", ask.__name__, error)
        return False
    return True


async def read_a_row():
    # In a thread that nobody waits for: a database that hangs must not hold up the answer.
    await asyncio.to_thread(read)


def read():
    try:
        Section.objects.first()
    finally:
        connection.close()  # it belongs to this thread, and Django closes only those of requests


async def make_a_round_trip():
    layer = get_channel_layer()
    mailbox = await layer.new_channel()
    await layer.send(mailbox, {"type": "are.you.there"})
    await layer.receive(mailbox)


