from django.http import JsonResponse


async def healthz(request):
    """Answer 200 when a request that comes now could be served, 503 when not; in time, either way."""
    # TODO: read a row from the database, send a message through the channel layer and get it back, and wait for neither
    # longer than a second.
    return JsonResponse({})
