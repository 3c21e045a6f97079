import pytest
from channels.testing import WebsocketCommunicator

from config.asgi import application

# TODO: write tests of the consumer, each with its own clients. No browser, no server.
