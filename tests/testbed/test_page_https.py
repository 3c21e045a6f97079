"""A page that comes over https, as from behind a web server that speaks TLS."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from course.testbed.browser.open_page import OpenPage
from course.testbed.browser.page import Page

WritePage = Callable[..., str]
SCRIPT = """
<p id=from></p><p id=s data-state=connecting></p><p id=heard></p>
<script>
  document.querySelector("#from").textContent = location.protocol;
  const socket = new WebSocket(ADDRESS);
  socket.onopen = () => { s.dataset.state = "open"; socket.send("tea"); };
  socket.onmessage = (event) => { heard.textContent = event.data; };
  socket.onclose = () => { s.dataset.state = "closed"; };
</script>
"""


@pytest.fixture
def secure(open_page: OpenPage, page: WritePage) -> Callable[[str], Page]:
    """Open a page over https that opens a WebSocket to an address, given as JavaScript."""
    return lambda address: open_page(page(SCRIPT.replace("ADDRESS", address)), https=True)


@pytest.mark.parametrize(
    "address", ["'/ws/echo/'", "location.origin + '/ws/echo/'", "`wss://${location.host}/ws/echo/`"]
)
def test_a_page_over_https_opens_wss(secure: Callable[[str], Page], address: str) -> None:
    """The page knows that it came over https, and a WebSocket to wss of the same host opens and is read."""
    ana = secure(address)
    ana.waits_for_text("#heard", "tea")

    assert ana.text("#from") == "https:"
    assert ana.url.startswith("https://127.0.0.1:")
    assert ana.sockets[0].sent == ["tea"]


def test_a_page_over_https_does_not_open_ws(secure: Callable[[str], Page]) -> None:
    """A WebSocket without TLS fails, as it would on any such site, and never reaches the server."""
    ana = secure("`ws://${location.host}/ws/echo/`")
    ana.waits_for_attribute("#s", "data-state", "closed")

    assert ana.sockets == []
    assert len(ana.errors) == 1


def test_only_the_window_that_asks_speaks_tls(open_page: OpenPage, page: WritePage) -> None:
    """Another window of the same check goes on over http."""
    path = page("<p id=from></p><script>document.querySelector('#from').textContent = location.protocol</script>")

    assert open_page(path, name="ana", https=True).text("#from") == "https:"
    assert open_page(path, name="ben").text("#from") == "http:"
