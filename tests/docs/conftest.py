"""The built site, made once for all tests of the docs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from course.catalog.lessons import ROOT
from tests.docs.site_checker import Build


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Build the site into a folder of its own."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    env = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    return Build(folder, done.returncode, done.stdout + done.stderr)


@pytest.fixture(scope="session")
def site_folder(build: Build) -> Path:
    """Return the folder of the built site; fail where the build did."""
    if build.exit_code:
        pytest.fail(f"mkdocs build --strict failed:\n{build.output}", pytrace=False)
    return build.folder
