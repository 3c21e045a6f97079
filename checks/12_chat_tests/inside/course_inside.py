"""A pytest plugin of the course inside the student's own test process: the order, a database to leave alone, Chrome.

It judges nothing: what comes out of a run is read from outside.
"""

import hashlib
import json
import os
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from channels_redis.core import ChannelLock

ORDER = os.environ.get("COURSE_ORDER", "")
NOTE = os.environ.get("COURSE_NOTE", "")
CAGED = "COURSE_CAGED" in os.environ  # where Chrome can make no sandbox of its own
BROWSER = os.environ.get("COURSE_BROWSER", "")
NEEDLESS = (  # what Chrome does besides for a person's comfort; it costs half of a start
    "AutofillServerCommunication",
    "IgnoreDuplicateNavs",
    "InterestFeedContentSuggestions",
    "MediaRouter",
    "OptimizationHints",
    "Prewarm",
    "SpareRendererForSitePerProcess",
    "Translate",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "WebUIOmniboxPopup",
)
FLAGS = (
    "--headless=new",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    f"--disable-features={','.join(NEEDLESS)}",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    *(["--no-sandbox"] if CAGED or (sys.platform == "linux" and os.geteuid() == 0) else []),
)


def pytest_sessionstart():
    """Lay a database where the project keeps its own, unless one is there, and note what it is."""
    if not NOTE:
        return
    from django.conf import settings

    path = Path(str(settings.DATABASES.get("default", {}).get("NAME") or ":memory:"))
    if path.name.startswith(":") or not path.parent.is_dir():
        return
    if not path.exists():
        lay_database(path)
    noted = {"path": str(path), "digest": hashlib.sha256(path.read_bytes()).hexdigest()}
    Path(NOTE).write_text(json.dumps(noted), encoding="utf-8")


def pytest_configure():
    """Let a live server that is forked after other tests have run start like a fresh one; mend the channel layer."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=forget_the_parent)
    ChannelLock.acquire = acquire


async def acquire(self, channel):
    """Be ChannelLock.acquire of channels_redis, which forgets to count down when a waiting receive is cancelled.

    The lock would outlive its event loop then, and now and then the next test would fail for no fault of its own:
    "Lock object is bound to a different event loop".
    """
    self.wait_counts[channel] += 1
    try:
        return await self.locks[channel].acquire()
    except BaseException:
        self.wait_counts[channel] -= 1
        if not self.wait_counts[channel]:
            del self.locks[channel], self.wait_counts[channel]
        raise


def forget_the_parent():
    """Drop a thread pool without its threads, and channel layers that would take the parent's messages from Redis."""
    if asgiref := sys.modules.get("asgiref.sync"):
        asgiref.SyncToAsync.single_thread_executor = ThreadPoolExecutor(max_workers=1)
    if channels := sys.modules.get("channels.layers"):
        channels.channel_layers.backends.clear()


def lay_database(path):
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE story (line TEXT)")
    database.execute("INSERT INTO story VALUES ('A year of messages.')")
    database.commit()
    database.close()


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config, items):
    """Put the tests in the order that this run is about, whatever else has ordered them."""
    yield
    if not BROWSER:
        config.hook.pytest_deselected(items=[item for item in items if is_live(item)])
        items[:] = [item for item in items if not is_live(item)]
    if ORDER == "quick first":
        items.sort(key=is_live)
    if ORDER == "live first":
        items.sort(key=is_live, reverse=True)
    if ORDER == "reversed":
        items.reverse()


def pytest_collection_finish(session):
    """Let any Chrome that the tests open start on this machine, which may have no screen."""
    if not any(is_live(item) for item in session.items):
        return
    from selenium.webdriver.chromium.options import ChromiumOptions

    as_asked = ChromiumOptions.to_capabilities

    def to_capabilities(self):
        asked = {flag.partition("=")[0] for flag in self.arguments}
        for flag in FLAGS:
            if flag.partition("=")[0] not in asked:
                self.add_argument(flag)
        if BROWSER and not self.binary_location:
            self.binary_location = BROWSER
        return as_asked(self)

    ChromiumOptions.to_capabilities = to_capabilities


def is_live(item):
    """Tell whether a test has a live server, and so in all likelihood a browser."""
    from channels.testing import ChannelsLiveServerTestCase

    owner = getattr(item, "cls", None)
    return owner is not None and issubclass(owner, ChannelsLiveServerTestCase)
