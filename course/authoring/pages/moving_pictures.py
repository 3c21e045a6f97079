"""A moving picture of two people in a lesson's room: their browser windows side by side, as frames of a WebP."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator

from PIL import Image

from course.authoring.pages.browser_pictures import log_in, windows_of
from course.catalog.lessons import Lesson
from course.testbed.browser.open_page import OpenPage
from course.testbed.browser.page import Page

WIDTH, HEIGHT = 400, 460  # of a window, in CSS pixels
GAP = 12  # pixels of nothing between the two windows
FIELD, LOG = "#chat-message-input", "#chat-log"
TALK = [("ana", "Is the tea ready?"), ("ben", "It is. Two cups?"), ("ana", "Two cups.")]
# It is over within five seconds: what moves for longer needs a button to stop it (WCAG 2.2.2).
TYPED_MS, SAID_MS = 300, 750


def of_conversation(lesson: Lesson) -> bytes:
    """Return what two people say to each other on the solved lesson's page, as a WebP that plays once."""
    with windows_of(lesson) as open_page:
        pages = {name: _enter(open_page, name) for name in ("ana", "ben")}
        pictures, lengths = zip(*_frames(pages), strict=True)
    made = io.BytesIO()
    pictures[0].save(
        made, "WEBP", save_all=True, append_images=pictures[1:], duration=lengths, loop=1, lossless=True, method=6
    )
    return made.getvalue()


def _enter(open_page: OpenPage, name: str) -> Page:
    page = log_in(open_page, name, "?next=/chat/tea/")
    page.selenium.set_window_size(WIDTH, HEIGHT)
    page.waits_for_socket("/ws/chat/tea/")
    return page


def _frames(pages: dict[str, Page]) -> Iterator[tuple[Image.Image, int]]:
    """Yield a picture of both windows for each thing that one sees, and how long it stays, in milliseconds."""
    yield _side_by_side(pages), SAID_MS
    for number, (name, text) in enumerate(TALK, 1):
        for typed in (text[: len(text) // 2], text):
            pages[name].type(FIELD, typed)
            pages[name].waits_for_value(FIELD, typed)
            yield _side_by_side(pages), TYPED_MS
        pages[name].press("Enter")
        for page in pages.values():
            page.waits_for_count(f"{LOG} li", number)
        yield _side_by_side(pages), SAID_MS


def _side_by_side(pages: dict[str, Page]) -> Image.Image:
    windows = [Image.open(io.BytesIO(base64.b64decode(page.screenshot()))) for page in pages.values()]
    width, height = windows[0].size
    both = Image.new("RGBA", (2 * width + GAP, height))
    for number, window in enumerate(windows):
        both.paste(window, (number * (width + GAP), 0))
    return both
