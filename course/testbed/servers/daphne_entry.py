"""Runs Daphne on a project: `python -P daphne_entry.py TOKEN HANGS_AT PROJECT APPLICATION [daphne's options]`.

This is Daphne's own command line with four additions for a learner's sake:

- a project that hangs says where, at HANGS_AT (in seconds since 1970);
- a consumer that failed or ended is noticed at once, not at Daphne's next look round, up to 1 s later;
- `coroutine … was never awaited` is printed, with the line that made the coroutine (Daphne hides it);
- the port, how many consumers run, and what the application does wrong (application_recorder.py), are told to the test
  bed, as JSON between two marks that hold TOKEN.

The project's code runs in this process, so nothing here may be trusted with a mark.
"""

import faulthandler
import json
import os
import runpy
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from daphne.cli import CommandLineInterface
from daphne.server import Server
from twisted.internet import reactor

LOOK_ROUND_S = 0.05
MOMENT_S = 0.1
CLOSE_S = 2


class PromptServer(Server):
    """Daphne, looking after its applications when one has ended, and twenty times a second, and telling of it."""

    tell: Callable[..., None]
    recorder: Any
    application: Any

    def run(self) -> None:
        """Serve until stopped."""
        self.ready_callable = self._begin
        self.sockets: dict[Any, bool] = {}  # WebSocket protocol -> whether its consumer runs
        self.opened = 0
        self.left = 0
        self.recorder.watch_process(reactor._asyncioEventloop)
        self.application = self.recorder.wrap(self.application)
        try:
            super().run()
        finally:
            self.recorder.look()  # one may have ended the server with it

    def _begin(self) -> None:
        """Look round soon; and let a close take its time.

        Autobahn gives a close one second, and cuts that to the full one (txaio: `int(now + delay)`): one that falls
        into the last moment of a second would be broken off, and be 1006 for its client.
        """
        self.ws_factory.closeHandshakeTimeout = CLOSE_S
        self.hasten()

    def listen_success(self, port: Any) -> None:
        """Tell the port that the system picked."""
        super().listen_success(port)
        faulthandler.cancel_dump_traceback_later()
        self.tell(port=port.getHost().port)

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """Start an application, look after it as soon as it ends, and remember whether it is a consumer."""
        queue = self.recorder.begin(super().create_application, protocol, scope)
        if queue is None:
            return None
        task = self.connections[protocol]["application_instance"]
        self.recorder.follow(task)
        task.add_done_callback(lambda _: self.hasten(0))
        if scope["type"] == "websocket":
            self.opened += 1
            self.sockets[protocol] = True
            self.tell(opened=self.opened, running=len(self.sockets))  # before its client can know that it is in
        return queue

    def application_checker(self) -> None:
        """Look after the applications, then tell how many consumers were opened and still run, and what is left."""
        self.recorder.look()
        super().application_checker()
        self.hasten()
        before = len(self.sockets), self.left
        for protocol in list(self.sockets):
            if "application_instance" not in self.connections.get(protocol, {}):
                del self.sockets[protocol]
        self.left = self.recorder.left()
        if before != (0, 0):
            self.tell(opened=self.opened, running=len(self.sockets), left=self.left)

    def kill_all_applications(self) -> Any:
        """End what runs, as the server itself is to end: that is no consumer's fault."""
        self.recorder.is_stopping = True
        return super().kill_all_applications()

    def hasten(self, seconds: float = LOOK_ROUND_S) -> None:
        """Bring the next look round forward."""
        for call in reactor.getDelayedCalls():
            if call.func == self.application_checker:
                call.reset(seconds)


def main() -> None:
    """Run Daphne's command line with the server above."""
    token, hangs_at, project, *arguments = sys.argv[1:]
    mark = f"\x1e{token}"
    out = os.dup(1)

    def tell(**facts: object) -> None:
        os.write(out, f"{mark}{json.dumps(facts)}\x1e\n".encode())

    PromptServer.tell = staticmethod(tell)
    # By its path, for a project may have a package called `course`.
    recorder = runpy.run_path(str(Path(__file__).with_name("application_recorder.py")))
    PromptServer.recorder = recorder["Recorder"](tell, f"{project}{os.sep}")
    sys.argv = ["daphne", *arguments]
    warnings.filterwarnings("error", "coroutine", RuntimeWarning)
    sys.set_coroutine_origin_tracking_depth(2)
    faulthandler.dump_traceback_later(max(MOMENT_S, float(hangs_at) - time.time()))
    CommandLineInterface.server_class = PromptServer
    CommandLineInterface().run(arguments)


if __name__ == "__main__":
    main()
