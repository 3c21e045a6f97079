import logging

from channels.consumer import SyncConsumer

from echo.mixins import CleanEnd, OpenDoor

logger = logging.getLogger(__name__)
KINDS = ("text", "bytes")


class EchoConsumer(OpenDoor, CleanEnd, SyncConsumer):
    def websocket_receive(self, event):
        frame = {kind: event[kind] for kind in KINDS if event.get(kind) is not None}
        logger.info("echo %r", frame)
        self.send({"type": "websocket.send"} | frame)
