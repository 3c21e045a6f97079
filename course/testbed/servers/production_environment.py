"""What a project finds around it where it runs for others."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from course.testbed.processes.ports import Reserved

NAME = "tea.example"  # the site's name, kept for examples (RFC 2606)
ALIAS = f"www.{NAME}"  # its other name
BEHIND_A_PROXY = ("--proxy-headers",)  # Daphne believes what it is told of the client's address


class ProductionEnvironment:
    """The environment of one project, and a port for each of its Daphnes, at which nginx finds it again."""

    def __init__(self, static: Path) -> None:
        """Let the project collect its static files in `static`."""
        self.static = static
        self.env = {
            "DJANGO_SECRET_KEY": secrets.token_urlsafe(50),
            "DJANGO_ALLOWED_HOSTS": f"{NAME},{ALIAS}",
            "DJANGO_STATIC_ROOT": str(static),
        }
        self._ports: list[Reserved] = []

    def place(self, index: int) -> dict[str, Any]:
        """Return how the Daphne of this number is started there: options of `Site`."""
        while len(self._ports) <= index:
            self._ports.append(Reserved())
        return {"port": self._ports[index].number, "options": BEHIND_A_PROXY, "env": self.env, "name": NAME}

    def close(self) -> None:
        """Give the ports back."""
        for port in self._ports:
            port.close()
