"""Selenium's connection to the driver, in whatever network the driver is."""

from __future__ import annotations

from typing import Any

from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from urllib3 import HTTPConnectionPool, PoolManager
from urllib3.connection import HTTPConnection

from course.testbed.cage.namespaces import Network
from course.testbed.deadlines import deadline_s

ANSWER_UNITS = 5.0


def driver_connection(config: ClientConfig, network: Network) -> RemoteConnection:
    """Return what Selenium talks to a driver of that network with."""

    class Connection(HTTPConnection):
        def connect(self) -> None:
            """Connect there."""
            self.sock = network.connection(self.port or 0, deadline_s(ANSWER_UNITS))
            self.sock.settimeout(config.timeout)

    class Pool(HTTPConnectionPool):
        ConnectionCls = Connection

    class Driver(RemoteConnection):
        def _get_connection_manager(self) -> Any:
            manager = PoolManager(timeout=config.timeout)
            manager.pool_classes_by_scheme = {"http": Pool}
            return manager

    return Driver(client_config=config)
