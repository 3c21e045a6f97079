"""The built site, made once for all tests of the docs."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.docs import site
from tests.docs.site_checker import Build

OLD = "old.html"


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Build the site in the place of another one, in a folder of its own."""
    folder, said = tmp_path_factory.mktemp("pages") / "site", list[str]()
    folder.mkdir()
    (folder / OLD).write_text("of the site before")
    return Build(folder, site.build(said.append, folder), "\n".join(said))


@pytest.fixture(scope="session")
def site_folder(build: Build) -> Path:
    """Return the folder of the built site; fail where the build did."""
    if build.exit_code:
        pytest.fail(f"mkdocs build --strict failed:\n{build.output}", pytrace=False)
    return build.folder
