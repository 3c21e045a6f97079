import logging

from channels.exceptions import StopConsumer

logger = logging.getLogger(__name__)


class OpenDoor:
    """Let everyone in."""

    def websocket_connect(self, event):
        logger.info("someone knocks")
        self.send({"type": "websocket.accept"})


class CleanEnd:
    """End the consumer when its connection is over."""

    def websocket_disconnect(self, event):
        try:
            logger.info("gone: %s", event.get("code"))
        finally:
            raise StopConsumer()
