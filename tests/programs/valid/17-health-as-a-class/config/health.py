import asyncio
import logging
from time import monotonic

from channels.layers import get_channel_layer
from django.db import connection
from django.http import JsonResponse
from django.views import View

logger = logging.getLogger("courses.health")


class Health(View):
    """200 when a request that comes now could be served, 503 when not."""

    async def get(self, request):
        begin = monotonic()
        questions = {"database": self.database(), "layer": self.layer()}
        answers = await asyncio.gather(
            *(asyncio.wait_for(question, timeout=1) for question in questions.values()), return_exceptions=True
        )
        state = {}
        for name, answer in zip(questions, answers):
            state[name] = "ok"
            if isinstance(answer, BaseException):
                logger.error("%s is not well: %r", name, answer)
                state[name] = "failed"
        well = set(state.values()) == {"ok"}
        body = {"status": "ok" if well else "failed", **state, "seconds": round(monotonic() - begin, 3)}
        return JsonResponse(body, status=200 if well else 503, headers={"Cache-Control": "no-store"})

    async def database(self):
        await asyncio.get_running_loop().run_in_executor(None, self.read)

    @staticmethod
    def read():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT id FROM courses_section ORDER BY id LIMIT 1")
                cursor.fetchall()
        finally:
            connection.close()

    async def layer(self):
        layer = get_channel_layer()
        name = await layer.new_channel()
        await layer.send(name, {"type": "ping", "number": 1})
        assert (await layer.receive(name))["number"] == 1


healthz = Health.as_view()
