"""The site builds, and holds none of the faults that the build itself does not see."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from course.catalog.lessons import ROOT
from tests.conftest import Clone
from tests.docs.conftest import OLD
from tests.docs.site_checker import Build, faults

pytestmark = pytest.mark.xdist_group("site")

PAGE = '<html><body><main id="top">{}</main></body></html>'
DAMAGE = {
    "a raw link": ('<a href="gone/">x</a>', "leads nowhere"),
    "a raw image": ('<img src="gone.png" alt="x">', "leads nowhere"),
    "an image without a text": ('<img src="index.html">', "without a text"),
    "a raw anchor": ('<a href="#gone">x</a>', "no such place"),
    "a reference": ("<p>[text][undefined]</p>", "undefined [text][reference]"),
    "an icon": ("<p>:material-nothing-like-it:</p>", "unknown :icon:"),
    "keys": ("<p>++ctrl+c++</p>", "++keys++"),
    "a snippet": ('<p>--8<-- "x.md"</p>', "snippet"),
    "two ids": ('<p id="a"></p><p id="a"></p>', "2 times"),
}


def test_the_site_builds_without_a_warning(build: Build) -> None:
    """`mkdocs build --strict` ends well."""
    assert build.exit_code == 0, build.output


def test_the_new_site_takes_the_place_of_the_old_one(site_folder: Path) -> None:
    """Nothing is left of what the folder held, nor of the place where the new one was made."""
    assert not (site_folder / OLD).exists()
    assert list((site_folder.parent / ".course").iterdir()) == []


def test_a_site_that_cannot_be_built_leaves_the_old_one(clone: Clone) -> None:
    """A missing listing is a fact and a command, and the pages of before are still there."""
    for name in ("docs", "includes"):
        shutil.copytree(ROOT / name, clone.root / name)
    shutil.copy2(ROOT / "mkdocs.yml", clone.root)
    (clone.root / "includes" / "generated" / "keys.md").unlink()
    (clone.root / "site").mkdir()
    (clone.root / "site" / OLD).write_text("of the site before")
    done = clone.run("docs", "--build")

    assert done.code == 1
    assert "setup.md" in done.output
    assert done.output.splitlines()[-1] == (
        "Snippet at path 'includes/generated/keys.md' could not be found. "
        "If it is a generated one, make it: python3 course docs --refresh"
    )
    assert "Traceback" not in done.output + done.errors
    assert (clone.root / "site" / OLD).exists()


def test_the_built_site_has_no_silent_faults(site_folder: Path) -> None:
    """Nothing is dead, doubled or left unrendered on any page."""
    found = faults(site_folder)

    assert found == [], "\n".join(found)


def test_the_built_site_fetches_nothing_from_elsewhere(site_folder: Path) -> None:
    """No page loads a script, a style sheet, a font or a picture from another host."""
    pages = {path: path.read_text(encoding="utf-8") for path in site_folder.rglob("*.html")}
    foreign = [
        f"{path.relative_to(site_folder)}: {mark}"
        for path, text in pages.items()
        for mark in ('src="http', 'rel="stylesheet" href="http', 'rel="preconnect"', "url(http")
        if mark in text
    ]

    assert foreign == []


@pytest.mark.parametrize("damage", DAMAGE)
def test_the_checker_sees(damage: str, tmp_path: Path) -> None:
    """The checker itself finds each kind of damage, and nothing on a sound page."""
    body, message = DAMAGE[damage]
    (tmp_path / "index.html").write_text(PAGE.format('<a href="#top">:)</a> 10:30:15 <code>[a][b]</code>'))
    assert faults(tmp_path) == []

    (tmp_path / "index.html").write_text(PAGE.format(body))

    assert len(faults(tmp_path)) == 1
    assert message in faults(tmp_path)[0]
