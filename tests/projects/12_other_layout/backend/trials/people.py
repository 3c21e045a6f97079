import os

import redis
from channels.routing import get_default_application
from channels.testing import WebsocketCommunicator


class Person(WebsocketCommunicator):
    """Somebody in a room."""

    def __init__(self, path, site=b"http://127.0.0.1:8000"):
        super().__init__(get_default_application(), path, headers=[(b"host", b"testserver"), (b"origin", site)])

    async def __aenter__(self):
        entered, code = await self.connect(timeout=4)
        if not entered:
            await self.disconnect()
            raise PermissionError(code)
        return self

    async def __aexit__(self, *error):
        await self.disconnect()

    async def say(self, message, **more):
        await self.send_json_to({"message": message, **more})

    async def hears(self, *messages):
        heard = [await self.receive_json_from(timeout=4) for _ in messages]
        assert heard == [{"message": message} for message in messages], heard


def members():
    """Return how many are in any group, as Redis knows it."""
    with redis.Redis.from_url(os.environ.get("REDIS_URL", "redis://127.0.0.1:6379")) as store:
        return sum(store.zcard(key) for key in store.scan_iter("asgi:group:*"))
