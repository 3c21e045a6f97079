"""The browser in its cage: it reaches the site alone, as an ordinary user, with its own sandbox on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from course.testbed.tools.browser_install import find


@pytest.mark.skipif(not find(), reason="there is no browser here")
def test_a_page_reaches_the_site_alone() -> None:
    """A page calls everybody: only the port that the proxy leads to hears of it, and no file is to be read."""
    script = Path(__file__).with_name("browser_in_a_cage.py")
    ended = subprocess.run([sys.executable, "-P", script], capture_output=True, text=True, timeout=60, check=False)
    assert ended.stdout, ended.stderr
    told = json.loads(ended.stdout)

    assert told["heard"] == []
    assert told["heard when allowed"] == ["beside"]
    assert told["file"] == ""
    assert (told["without sandbox"], told["is root"]) == (False, False)
    assert "2" in told["filters"], "no process of Chrome has a filter for system calls"
