"""What solutions do for their server's sake, which no check asks of a student."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from course.catalog.lessons import ROOT
from tests.conftest import BuildProject, run

SETTINGS = sorted([*ROOT.glob("lessons/*/config/settings.py"), *ROOT.glob("solutions/*/config/settings.py")])
BEGIN = """
import asyncio, json, os
from types import SimpleNamespace
os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "REDIS_URL": "redis://127.0.0.1:1"}
import django
from django.conf import settings
settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
django.setup()
from channels.testing import WebsocketCommunicator

async def answers(consumer, *frames, **scope):
    client = WebsocketCommunicator(consumer.as_asgi(), "/")
    client.scope |= scope
    await client.connect()
    heard = []
    for frame in frames:
        await client.send_to(text_data=frame)
        heard.append(json.loads(await client.receive_from(5)))
    await client.disconnect()
    return heard
"""
NONSENSE_IS_COUNTED = """
from chat import consumers
async def nobody(user, room): return None
consumers.refusal_of = nobody
ana = SimpleNamespace(is_authenticated=True, get_username=lambda: "ana")
scope = {"user": ana, "url_route": {"kwargs": {"room_name": "tea"}}}
heard = asyncio.run(answers(consumers.ChatConsumer, *["nonsense"] * 12, **scope))
assert [answer["error"][:5] for answer in heard] == ["Send "] * 10 + ["Not s"] * 2, heard
"""
SUBSCRIPTIONS_END = """
from tasks import consumers
async def find(group):
    async def refresh(): pass
    return SimpleNamespace(id=group, status=consumers.Task.PENDING, arefresh_from_db=refresh)
consumers.find_task = find
consumers.progress_of = lambda task_id: 0  # there is no Redis here
names = [*range(100), 7, 100]
heard = asyncio.run(answers(consumers.TasksConsumer, *[json.dumps({"group": name}) for name in names]))
assert ["error" in answer for answer in heard] == [False] * 101 + [True], heard[-3:]
"""
GROUPS_ARE_KEPT_ONCE = """
from courses import consumers
class Watched(consumers.EventsConsumer):
    async def receive_json(self, content):
        await super().receive_json(content)
        sizes.append(len(self.groups))
sizes = []
user = SimpleNamespace(pk=1, id=1, is_authenticated=True, get_username=lambda: "s1")
frames = [json.dumps({"command": command, "student": "s1"}) for command in
          ("unsubscribe", "subscribe", "subscribe", "unsubscribe", "unsubscribe")]
heard = asyncio.run(answers(Watched, *frames, user=user))
assert not [answer for answer in heard if "error" in answer], heard
assert sizes == [0, 1, 1, 0, 0], sizes
"""


@pytest.mark.parametrize("path", SETTINGS, ids=lambda path: "-".join(path.parts[-4:-2]))
def test_logs_go_by_utc(path: Path) -> None:
    """Django's own default time zone is that of Chicago, and it changes the clock of the whole process."""
    assert re.search(r'^TIME_ZONE = "UTC"', path.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize(
    ("lesson", "script"),
    [
        pytest.param("11", NONSENSE_IS_COUNTED, id="11: a flood of nonsense is limited"),
        pytest.param("14", SUBSCRIPTIONS_END, id="14: the subscriptions of a connection have a limit"),
        pytest.param("15", GROUPS_ARE_KEPT_ONCE, id="15: a group is kept once, and left once"),
    ],
)
def test_a_client_cannot_ask_for_ever(project: BuildProject, lesson: str, script: str) -> None:
    """What one client says again and again costs the server no more each time."""
    outcome = run([sys.executable, "-c", BEGIN + script], cwd=project(lesson=lesson), PYTHONPATH=".")

    assert outcome.code == 0, outcome.errors
