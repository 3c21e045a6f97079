"""The pages without a server: opened from a file, in a real browser."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from selenium import webdriver

from course.docs.offline import build_offline
from tests.docs.test_docs_browser import CHROMIUM, Reader, browser

__all__ = ["browser"]  # a fixture
pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no Chromium at {CHROMIUM}"),
    pytest.mark.xdist_group("offline"),
]
RESULTS = "return document.querySelectorAll('.md-search-result__item a').length > 0"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the pages for offline use."""
    made, said = tmp_path_factory.mktemp("offline") / "pages", list[str]()
    code = build_offline(said.append, made)
    if code:
        pytest.fail("\n".join(said), pytrace=False)
    return made


def test_the_search_finds_an_error_without_a_server(folder: Path, browser: webdriver.Chrome) -> None:
    """Typed into the search of a page that is a file, an error leads to the page that explains it."""
    reader = Reader(browser, folder.as_uri())
    reader.open("index.html")
    browser.get_log("browser")
    reader.ask("document.querySelector('[data-md-toggle=search]').click()")
    reader.ask(
        "const field = document.querySelector('.md-search__input'); field.focus();"
        "field.value = 'StopConsumer'; field.dispatchEvent(new KeyboardEvent('keyup', {bubbles: true}));"
    )
    reader.wait_for(RESULTS)
    address = reader.ask("return document.querySelector('.md-search-result__item a').href")

    assert address.startswith("file://")
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_a_link_leads_to_a_file(folder: Path, browser: webdriver.Chrome) -> None:
    """From page to page there is no server either."""
    reader = Reader(browser, folder.as_uri())
    reader.open("lessons/02_sync_echo.html")
    target = reader.ask("return document.querySelector('a.md-footer__link--next').href")
    browser.get(target)

    assert target.startswith("file://")
    assert target.endswith("03_async_echo.html")
    assert "03" in browser.title


def test_the_zip_holds_the_pages(folder: Path) -> None:
    """Whoever gets the zip has all of it, in one folder, and nothing that is fetched from elsewhere."""
    with zipfile.ZipFile(folder.with_suffix(".zip")) as archive:
        assert "pages/index.html" in archive.namelist()
    foreign = [path.name for path in folder.rglob("*.html") if 'src="http' in path.read_text(encoding="utf-8")]
    assert foreign == []
