"""The site in a real browser: nothing breaks, nothing is fetched from elsewhere, everybody can read it."""

from __future__ import annotations

import functools
import json
import os
import re
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from course.catalog.lessons import Lesson
from course.catalog.mistakes import mistakes
from tests.docs.pages_text import DOCS, LESSONS, lesson_ids, pages

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --window-size=1280,900"
)
CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
PHONE = {"width": 375, "height": 800, "deviceScaleFactor": 1, "mobile": True}
SCROLLERS = ".md-typeset pre > code, .md-typeset__scrollwrap, .md-typeset p:has(> img.picture)"
SITE_URL = "https://example.org/channels-on-the-wire/"
WAIT_S = 10
ADDRESSES = sorted(
    "" if path.name == "index.md" else f"{path.relative_to(DOCS).with_suffix('').as_posix()}/" for path in pages()
)
each_page = pytest.mark.parametrize("address", ADDRESSES)

pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no Chromium at {CHROMIUM}"),
    pytest.mark.xdist_group("site"),
]


class Home(SimpleHTTPRequestHandler):
    """Serves the site as its home does, and says nothing about it: the map of the site names the address it is at."""

    def do_GET(self) -> None:
        """Answer with a file."""
        if self.path != "/sitemap.xml":
            return super().do_GET()
        text = Path(str(self.directory), "sitemap.xml").read_text(encoding="utf-8")
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text.replace(SITE_URL, f"http://{self.headers['Host']}/").encode())
        return None

    def log_message(self, format: str, *arguments: object) -> None:
        """Print nothing."""


class Reader:
    """A browser, and the site that it reads."""

    def __init__(self, driver: webdriver.Chrome, origin: str) -> None:
        """Read the site at `origin` with `driver`."""
        self.driver = driver
        self.origin = origin

    def open(self, address: str) -> None:
        """Open a page and wait until its scripts have run."""
        self.driver.get(f"{self.origin}/{address}")
        self.wait_for("return typeof document$ !== 'undefined' && document.readyState === 'complete'")
        # What the page does in its first frames is done when the browser has drawn two more.
        self.driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")

    def ask(self, script: str) -> Any:
        """Return what a script returns."""
        return self.driver.execute_script(script)

    def wait_for(self, script: str) -> None:
        """Wait until a script returns something true."""
        WebDriverWait(self.driver, WAIT_S, 0.05).until(lambda _: self.ask(script), message=script)

    def emulate(self, command: str, **facts: object) -> None:
        """Pretend something about the reader's device."""
        self.driver.execute_cdp_cmd(f"Emulation.{command}", facts)

    def scheme(self, name: str) -> None:
        """Prefer light or dark."""
        self.emulate("setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])


@pytest.fixture(scope="session")
def origin(site_folder: Path) -> Iterator[str]:
    """Serve the built site and return its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Home, directory=str(site_folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[webdriver.Chrome]:
    """Start Chromium once, offline in all that it does by itself."""
    os.environ.update(SE_OFFLINE="true", SE_AVOID_STATS="true")
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in FLAGS.split():
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options)
    yield driver
    driver.quit()


@pytest.fixture
def reader(browser: webdriver.Chrome, origin: str) -> Iterator[Reader]:
    """Return a reader who starts afresh, in a tab of their own, with empty logs."""
    first = browser.current_window_handle
    browser.switch_to.new_window("tab")
    for log in ("browser", "performance"):
        browser.get_log(log)
    yield Reader(browser, origin)
    browser.close()  # a tab keeps what it has shown: after two hundred pages it would hold a gigabyte
    browser.switch_to.window(first)


@each_page
def test_a_page_loads_quietly_and_has_contrast(reader: Reader, address: str) -> None:
    """No error in the console, no request to another host, and text stands out from its background as WCAG AA asks."""
    reader.scheme("light")
    reader.open(address)
    faint_in_the_light = reader.ask(CONTRAST)
    reader.scheme("dark")
    reader.wait_for("return document.body.dataset.mdColorScheme === 'slate'")
    reader.wait_for("return document.getAnimations().every((a) => !(a instanceof CSSTransition))")
    messages = [json.loads(entry["message"])["message"] for entry in reader.driver.get_log("performance")]
    sent = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    foreign = [url for url in sent if not url.startswith((reader.origin, "data:", "blob:"))]

    assert sent
    assert foreign == []
    assert [e["message"] for e in reader.driver.get_log("browser") if e["level"] == "SEVERE"] == []
    assert faint_in_the_light == []
    assert reader.ask(CONTRAST) == []


@each_page
def test_a_page_works_on_a_phone_and_by_keyboard(reader: Reader, address: str) -> None:
    """At 375 pixels no page scrolls sideways, what scrolls can be focused, and roles that need a name have one."""
    reader.emulate("setDeviceMetricsOverride", **PHONE)
    reader.open(address)
    reader.wait_for("return [...document.images].every((image) => image.complete)")
    unreachable = reader.ask(
        f"return [...document.querySelectorAll({SCROLLERS!r})]"
        ".filter((e) => e.scrollWidth > e.clientWidth && e.tabIndex < 0).map((e) => e.outerHTML.slice(0, 80))"
    )
    nameless = reader.ask(
        "return [...document.querySelectorAll('[role=dialog], [role=search], nav, button')].filter((e) => "
        "!(e.ariaHidden || e.ariaLabel || e.title || e.getAttribute('aria-labelledby') || e.textContent.trim()))"
        ".map((e) => e.outerHTML.slice(0, 80))"
    )

    assert reader.ask("return document.documentElement.scrollWidth") == PHONE["width"]
    assert unreachable == []
    assert nameless == []


def test_links_are_underlined(reader: Reader) -> None:
    """A link in a text is told from it without colour."""
    reader.open("")
    lines = reader.ask(
        "return [...document.querySelectorAll('.md-typeset p a:not(.headerlink)')]"
        ".map((a) => getComputedStyle(a).textDecorationLine)"
    )

    assert lines
    assert set(lines) == {"underline"}


def test_the_scripts_come_back_after_a_click(reader: Reader) -> None:
    """Material swaps pages without loading them: ours is mounted again on the next one."""
    reader.emulate("setDeviceMetricsOverride", **PHONE)
    reader.open("")
    reader.wait_for(
        "return performance.getEntriesByType('resource').some((e) => /sitemap/.test(e.name) && e.responseEnd)"
    )
    reader.ask("window.sameDocument = true")
    reader.ask(f"document.querySelector('main a[href*=\"lessons/{LESSONS[1].slug}/\"]').click()")
    reader.wait_for(f"return location.pathname.includes('{LESSONS[1].slug}')")
    reader.wait_for("return document.querySelectorAll('.md-typeset p:has(> img.picture)[tabindex=\"0\"]').length > 0")

    assert reader.ask("return window.sameDocument === true")


@pytest.mark.parametrize("lesson", LESSONS, ids=lesson_ids)
def test_search_finds_a_symptom(reader: Reader, lesson: Lesson) -> None:
    """Who types the words of an error finds the page that explains it."""
    telling = re.findall(r"[A-Za-z_]{4,}", mistakes(lesson)[0].symptom)  # "no" and "has" are on every page
    hits = [f".md-search-result__item a[href*='{page}']" for page in (f"lessons/{lesson.slug}/", "troubleshooting/")]
    reader.open("troubleshooting/")
    box = reader.driver.find_element(By.CSS_SELECTOR, ".md-search__input")
    box.click()
    box.send_keys(" ".join(telling[:6]))

    reader.wait_for(
        f"return document.querySelector({json.dumps(', '.join(hits))}) !== null"
    )  # they come while one types
