"""Ports for programs that can't pick one themselves."""

import socket


def free_port() -> int:
    """Return a port that was free a moment ago; another program may take it, so whoever uses it tries again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Reserved:
    """A port that stays ours while the program that listens on it is stopped and started again.

    A socket is bound to it and does not listen: the system gives the port to nobody else, and lets those listen on it
    who ask with SO_REUSEADDR, as servers do. Linux knows that; elsewhere the port is only likely to be free.
    """

    def __init__(self) -> None:
        """Reserve a port of this machine until `close`."""
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", 0))
        self.number: int = self._socket.getsockname()[1]

    def close(self) -> None:
        """Give it back."""
        self._socket.close()
