"""Finds in a built site what `mkdocs build --strict` says nothing about."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urldefrag

CODE = {"code", "pre", "script", "style", "kbd", "svg"}
LEFT_OVERS = {
    "an undefined [text][reference]": re.compile(r"\[[^\][]+\]\[[^\]]*\]"),
    "an unknown :icon:": re.compile(r"(?<![\w:]):(?:material|octicons|fontawesome|simple)?[a-z][a-z0-9-]+:(?![\w:])"),
    "unrendered ++keys++": re.compile(r"\+\+\w[\w+]*\+\+"),
    "an unrendered snippet": re.compile(r"--8<--"),
    "an unrendered block": re.compile(r"^(?:\?\?\?|!!!|===) ", re.MULTILINE),
    "an unrendered fence": re.compile(r"```"),
}


@dataclass(frozen=True)
class Build:
    """One run of `mkdocs build --strict`."""

    folder: Path
    exit_code: int
    output: str


class Page(HTMLParser):
    """The ids, the links and the words outside code of one built page."""

    def __init__(self, path: Path) -> None:
        """Read the page."""
        super().__init__()
        self.path = path
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.words: list[str] = []
        self.images_without_alt = 0
        self.headings: list[tuple[int, str]] = []  # level and id
        self._inside: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note the ids and links of a tag."""
        found = dict(attributes)
        if tag in CODE:
            self._inside.append(tag)
        self.ids.update(filter(None, [found.get("id")]))
        if tag != "link" or found.get("rel") != "canonical":
            self.links += filter(None, [found.get("href"), found.get("src"), found.get("srcset")])
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append((int(tag[1]), found.get("id") or ""))
        self.images_without_alt += tag == "img" and not (found.get("alt") or "").strip()

    def handle_endtag(self, tag: str) -> None:
        """Leave a block of code."""
        if tag in CODE and tag in self._inside:
            self._inside.remove(tag)

    def handle_data(self, data: str) -> None:
        """Note the words of the page."""
        if not self._inside:
            self.words.append(data)


def faults(site: Path) -> list[str]:
    """Return every fault as `page: what is wrong`; 404.html is left out, since its links depend on the site's home."""
    pages = {path: Page(path) for path in sorted(site.rglob("*.html")) if path.name != "404.html"}
    found = []
    for path, page in pages.items():
        name = path.relative_to(site).as_posix()
        found += [f"{name}: the id '{id_}' stands there {n} times" for id_, n in page.ids.items() if n > 1]
        found += [f"{name}: {what}" for what in _dead_links(page, pages)]
        found += [f"{name}: {what}" for what in _left_overs(page)]
        found += [f"{name}: an image without a text"] * bool(page.images_without_alt)
        found += [f"{name}: {what}" for what in _headings(page)]
    return found


def _dead_links(page: Page, pages: dict[Path, Page]) -> list[str]:
    found = []
    for link in page.links:
        address, anchor = urldefrag(link)
        if re.match(r"[a-z]+:|//", address):
            continue
        target = (page.path.parent / unquote(address.partition("?")[0])).resolve() if address else page.path
        target = target / "index.html" if target.is_dir() else target
        if not target.exists():
            found.append(f"the link '{link}' leads nowhere")
        elif anchor and target in pages and anchor not in pages[target].ids and anchor != "__skip":
            found.append(f"the link '{link}' leads to no such place on its page")
    return found


def _headings(page: Page) -> list[str]:
    """Return what is wrong with a page's outline: one title, and a table of contents that leads to each section."""
    levels = [level for level, _ in page.headings]
    found = [f"{levels.count(1)} titles, not one"] if levels.count(1) != 1 else []
    sections = [f"#{id_}" for level, id_ in page.headings if level == 2]
    found += [f"no link leads to the section '{section}'" for section in sections if section not in page.links]
    return found + [f"a heading of level {b} follows one of level {a}" for a, b in pairwise(levels) if b > a + 1]


def _left_overs(page: Page) -> list[str]:
    text = "".join(page.words)
    return [f"{what}: {match.group()}" for what, pattern in LEFT_OVERS.items() for match in pattern.finditer(text)]
