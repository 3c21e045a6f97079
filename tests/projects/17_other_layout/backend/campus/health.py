import asyncio
from concurrent.futures import ThreadPoolExecutor

from channels.layers import get_channel_layer
from desk.models import Class
from django.db import connection
from django.http import JsonResponse
from django.views import View

LIMIT_S = 1.5
askers = ThreadPoolExecutor(8)


class Health(View):
    async def get(self, request):
        loop = asyncio.get_running_loop()
        asked = {"rows": loop.run_in_executor(askers, rows), "post": asyncio.ensure_future(post())}
        await asyncio.wait(asked.values(), timeout=LIMIT_S)
        state = {name: "up" if answer.done() and not answer.exception() else "down" for name, answer in asked.items()}
        asked["post"].cancel()
        return JsonResponse({"state": state}, status=503 if "down" in state.values() else 200)


def rows():
    try:
        list(Class.objects.all()[:1])
    finally:
        connection.close()


async def post():
    layer = get_channel_layer()
    box = await layer.new_channel()
    await layer.send(box, {"type": "ping"})
    await layer.receive(box)
