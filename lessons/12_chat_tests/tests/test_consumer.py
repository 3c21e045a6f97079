import pytest
from channels.testing import WebsocketCommunicator

from config.asgi import application

# TODO: tests of the consumer, each with clients of its own. No browser, no server.
