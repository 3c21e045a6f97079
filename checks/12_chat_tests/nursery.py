"""A parent that has imported what tests of a chat import, and forks runs of pytest: `python -P nursery.py SOCKET`.

A new Python needs most of a second until it has found its first test, and there are twenty runs. What it does with its
arguments is what `python -m pytest` would do with them.
"""

import importlib.util
import os
import runpy
import sys
from pathlib import Path

FORKSERVER = Path(__file__).parents[2] / "course" / "testbed" / "forkserver.py"
PRELOAD = (  # no plugins of pytest: it wants to rewrite their asserts when it imports them itself
    "pytest",
    "_pytest.assertion.rewrite",
    "_pytest.junitxml",
    "_pytest.unraisableexception",
    "channels.testing",
    "django.test",
    "redis",
    "selenium.webdriver.chrome.service",
    "selenium.webdriver.chrome.webdriver",
    "selenium.webdriver.common.action_chains",
    "selenium.webdriver.support.expected_conditions",
    "selenium.webdriver.support.wait",
    "xml.etree.ElementTree",
)


def run_pytest(arguments):
    """Be what `python -m pytest …` would have been."""
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:] = [str(Path.cwd()), *filter(None, paths), *sys.path]
    sys.argv = ["pytest", *arguments]
    runpy.run_module("pytest", run_name="__main__", alter_sys=True)


def main():
    spec = importlib.util.spec_from_file_location("forkserver", FORKSERVER)
    forkserver = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(forkserver)
    forkserver.main((*forkserver.PRELOAD, *PRELOAD), run_pytest)


if __name__ == "__main__":
    main()
