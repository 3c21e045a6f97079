"""Ports for programs that can't pick one themselves."""

import socket


def free_port() -> int:
    """Return a port that was free a moment ago; another program may take it, so whoever uses it tries again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
