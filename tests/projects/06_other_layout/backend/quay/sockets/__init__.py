from quay.sockets.lamp import Lamp

__all__ = ["Lamp"]
