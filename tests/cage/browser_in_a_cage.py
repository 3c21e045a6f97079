"""Opens a page that calls out, in a Chrome in its cage; tells who heard of it, and how Chrome runs, as JSON."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from functools import partial
from pathlib import Path

from course.testbed.browser.browser_contexts import BrowserContexts
from course.testbed.cage import namespaces
from course.testbed.cage.cage import Cage
from course.testbed.cage.limits import OF_A_BROWSER
from course.testbed.cage.usage import descendants
from course.testbed.clients.event_loop import EventLoop
from course.testbed.deadlines import comes_true

CALLS = """(async (ports) => {
    const calls = ports.flatMap((port) => ["127.0.0.1", "localhost"].map((host) => `${host}:${port}`));
    const ways = [(at) => fetch(`http://${at}/`, {mode: "no-cors"}), (at) => new WebSocket(`ws://${at}/`)];
    for (const at of calls) for (const way of ways) try { await way(at); } catch {}
    const files = await fetch("file:///etc/passwd").then((answer) => answer.text()).catch(() => "");
    return files;
})"""


answered: list[str] = []


def main() -> None:
    outside = socket.create_server(("127.0.0.1", 0))
    namespaces.enter()
    beside = socket.create_server(("127.0.0.1", 0))  # where a server of the project would be
    loop = EventLoop()
    contexts = BrowserContexts(loop, partial(Cage, OF_A_BROWSER, is_for_browser=True))
    contexts.need()
    person = contexts.take()
    listeners = {"outside": outside, "beside": beside}
    ports = [outside.getsockname()[1], beside.getsockname()[1]]
    code = f"{CALLS}({json.dumps(ports)})"
    devtools = person.browser.devtools
    session = devtools.call("Target.attachToTarget", targetId=person.window.target, flatten=True)["sessionId"]
    calling = {"expression": code, "awaitPromise": True, "returnByValue": True}
    person.proxy.begin(lambda port: False, lambda *line: None)
    said = devtools.call("Runtime.evaluate", session, **calling)
    heard_of = [name for name, each in listeners.items() if heard(each)]
    person.proxy.begin(lambda port: port == ports[1], lambda *line: None)  # now as if that were the project's
    threading.Thread(target=answer, args=(beside,), daemon=True).start()
    devtools.call("Runtime.evaluate", session, **calling)
    comes_true(lambda: bool(answered), 5)
    processes = [p for p in descendants(os.getpid()) if b"chrom" in Path(f"/proc/{p}/comm").read_bytes()]
    words = [Path(f"/proc/{p}/cmdline").read_bytes() for p in processes]
    filters = {Path(f"/proc/{p}/status").read_text().split("Seccomp:")[1].split()[0] for p in processes}
    users = {Path(f"/proc/{p}").stat().st_uid for p in processes}
    told = {
        "heard": heard_of,
        "heard when allowed": answered,
        "file": said["result"].get("value"),
        "without sandbox": any(b"--no-sandbox" in each for each in words),
        "filters": sorted(filters),
        "is root": 0 in users,
    }
    contexts.stop()
    sys.stdout.write(json.dumps(told))
    loop.stop()


def answer(listener: socket.socket) -> None:
    """Take the next calls, and end each at once."""
    listener.setblocking(True)
    while True:
        listener.accept()[0].close()
        answered[:] = ["beside"]


def heard(listener: socket.socket) -> bool:
    listener.setblocking(False)
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


if __name__ == "__main__":
    main()
