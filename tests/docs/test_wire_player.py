"""The wire player in a real browser: by mouse and keyboard, without motion, without JavaScript, from a file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from course.catalog.lessons import ROOT, find
from course.docs.wire_view import open_wire
from course.results import CheckResult, Failure, Report, WireEvent
from tests.docs.test_docs_browser import CHROMIUM, CONTRAST, FLAGS, Reader, browser, origin, reader  # noqa: F401

PAGE = "lessons/02_sync_echo/"
MOST_BYTES = 15_000
SHOWN = "return document.querySelector('.wire').querySelectorAll('li:not(.later)').length"
EVIL = "</script><script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\">"

pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no Chromium at {CHROMIUM}"),
    pytest.mark.xdist_group("site"),
]


@pytest.fixture
def player(reader: Reader) -> Reader:  # noqa: F811 # pytest's way to hand a fixture in
    """Return a reader before the first player of lesson 02, once it has its buttons."""
    reader.open(PAGE)
    reader.ask("document.querySelector('.wire').scrollIntoView()")
    reader.wait_for("return document.querySelector('.wire-bar button') !== null")
    return reader


def press(player: Reader, name: str) -> None:
    player.driver.find_element(By.CSS_SELECTOR, f".wire [data-wire={name}]").click()


def test_the_script_is_small() -> None:
    """What a page with a player loads more than others is under 15 kB."""
    scripts = [ROOT / "docs" / "javascripts" / name for name in ("wire.js", "wire-loader.js")]

    assert sum(path.stat().st_size for path in scripts) < MOST_BYTES


def test_a_page_without_a_player_does_not_load_it(reader: Reader) -> None:  # noqa: F811
    """The player is fetched by the pages that hold one."""
    reader.open("setup/")

    assert reader.ask("return typeof window.mountWires") == "undefined"
    assert (
        reader.ask("return performance.getEntriesByType('resource').filter((e) => /wire.js/.test(e.name)).length") == 0
    )


def test_it_is_stepped_by_mouse(player: Reader) -> None:
    """All events stand there at first; the buttons go to the beginning, on and back."""
    whole = player.ask(SHOWN)
    counts = []
    for name in ("first", "on", "on", "back"):
        press(player, name)
        counts.append(player.ask(SHOWN))

    assert whole > 2
    assert counts == [0, 1, 2, 1]


def test_it_plays_to_its_end(player: Reader) -> None:
    """Play begins again at the beginning, says Pause meanwhile, and ends with everything shown."""
    whole = player.ask(SHOWN)
    player.ask(
        "const wire = document.querySelector('.wire'); window.seen = [];"
        "new MutationObserver(() => seen.push(wire.querySelector('[data-wire=play]').ariaLabel))"
        ".observe(wire.querySelector('output'), {childList: true, characterData: true, subtree: true})"
    )
    press(player, "play")
    ended = "document.querySelector('[data-wire=play]').ariaLabel === 'Play'"
    player.wait_for(f"return seen.length === {whole + 1} && {ended}")

    assert player.ask("return seen[1]") == "Pause"
    assert player.ask(SHOWN) == whole


def test_it_is_played_by_keyboard(player: Reader) -> None:
    """Arrow keys, Home and End go through the events, on the slider as on the buttons, and the slider tells them."""
    whole = player.ask(SHOWN)
    slider = player.driver.find_element(By.CSS_SELECTOR, ".wire input[type=range]")
    counts = []
    for key in (Keys.HOME, Keys.ARROW_RIGHT, Keys.END, Keys.ARROW_LEFT):
        slider.send_keys(key)
        counts.append(player.ask(SHOWN))

    assert counts == [0, 1, whole, whole - 1]
    slider.send_keys(Keys.HOME, Keys.ARROW_RIGHT)
    assert slider.get_attribute("aria-valuetext") == f"1 of {whole}: ana to the server: opens /ws/sc/"


def test_a_frame_opens(reader: Reader) -> None:  # noqa: F811
    """A frame with JSON opens to show what it holds, laid out."""
    reader.open("lessons/09_chat_sync/")
    summary = reader.driver.find_element(By.CSS_SELECTOR, ".wire summary")
    reader.ask("document.querySelector('.wire summary').scrollIntoView({block: 'center'})")
    summary.send_keys(Keys.ENTER)

    assert reader.ask("return document.querySelector('.wire details[open] pre').textContent") == (
        '{\n  "message": "Is there any tea?"\n}'
    )


def test_nothing_moves_where_motion_is_not_wanted(player: Reader) -> None:
    """With prefers-reduced-motion an arrow is there at once, also while it plays."""
    for name in ("first", "on"):
        press(player, name)
    player.ask("document.querySelector('.wire').classList.add('playing')")
    found = []
    for preference in ("no-preference", "reduce"):
        player.emulate("setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": preference}])
        found.append(player.ask("return getComputedStyle(document.querySelector('.now .wire-arrow')).animationName"))

    assert found == ["wire-right", "none"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_and_can_be_read(reader: Reader, scheme: str, width: int) -> None:  # noqa: F811
    """With its buttons, on a phone and on a desk, in light and dark: no sideways scrolling, enough contrast, names."""
    reader.scheme(scheme)
    reader.emulate("setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 500)
    reader.open("lessons/15_course_registration/")
    reader.ask("document.querySelector('.wire').scrollIntoView()")
    reader.wait_for("return document.querySelector('.wire-bar button') !== null")
    too_wide = reader.ask(
        "return [...document.querySelectorAll('.wire *')].filter((e) => e.scrollWidth > e.clientWidth + 1 && "
        "getComputedStyle(e).overflowX !== 'visible').map((e) => e.outerHTML.slice(0, 80))"
    )
    nameless = reader.ask(
        "return [...document.querySelectorAll('.wire button, .wire input')].filter((e) => !e.ariaLabel).length"
    )

    assert reader.ask("return document.documentElement.scrollWidth <= innerWidth")
    assert (too_wide, nameless) == ([], 0)
    assert reader.ask(CONTRAST) == []


def test_without_javascript_the_list_says_it_all(site_folder: Path) -> None:
    """What is served holds every event, in an ordered list, with who says it to whom."""
    html = (site_folder / PAGE / "index.html").read_text(encoding="utf-8")
    lists = re.findall(r'<figure class="wire".*?<ol>(.*?)</ol>', html, re.DOTALL)
    stored = json.loads((ROOT / "includes/generated/02_sync_echo/wire-never-accepts.json").read_text(encoding="utf-8"))

    assert [text.count("<li") for text in lists[:2]] == [len(run["events"]) for run in stored["runs"]]
    assert "ana to the server: </span>" in lists[0]
    assert "here it goes wrong" in lists[1]


@pytest.fixture
def evil_file(tmp_path: Path) -> str:
    """Return the address of a page that plays a run whose texts want to be more than texts."""
    events = (WireEvent(0, EVIL, "→", EVIL), WireEvent(5, EVIL, "←", f'{{"a": "{EVIL[:30]}"}}', diverged=True))
    failure = Failure(EVIL, transcript=events, cause=EVIL)
    check = CheckResult("test_a", EVIL, (), "failed", failure=failure)
    lesson = find("02")
    address, _ = open_wire(lesson, Report(lesson.slug, EVIL, EVIL, 2, (check,)), tmp_path)
    return address


def test_the_page_of_ones_own_run_stands_alone(browser: webdriver.Chrome, evil_file: str) -> None:  # noqa: F811
    """It opens from a disk, asks nobody for anything, plays, and runs nothing that a program of a student has said."""
    for log in ("browser", "performance"):
        browser.get_log(log)
    browser.get(evil_file)
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    sent = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    browser.find_element(By.CSS_SELECTOR, "[data-wire=first]").click()

    assert sent == [evil_file]
    assert browser.title.startswith("On the wire: 02")
    assert browser.title != "run"
    assert browser.execute_script("return document.querySelectorAll('img, script').length") == 1
    assert browser.execute_script("return document.querySelectorAll('li.later').length") == 2
    assert EVIL in browser.find_element(By.CSS_SELECTOR, "h2").text
    assert [e["message"] for e in browser.get_log("browser") if e["level"] == "SEVERE"] == []
