"""The course's pages: built by MkDocs, served on this machine."""

from __future__ import annotations

import os

from course.catalog import ROOT
from course.testbed.process import Process
from course.testbed.server import python


def serve(port: int) -> int:
    """Serve the pages until Ctrl-C, building them anew at each change; return the exit code."""
    return _mkdocs("serve", "--livereload", "--dev-addr", f"127.0.0.1:{port}")


def build() -> int:
    """Build the pages into site/, with every warning an error; return the exit code."""
    return _mkdocs("build", "--strict")


def _mkdocs(*arguments: str) -> int:
    env = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    mkdocs = Process(python("-m", "mkdocs", *arguments), cwd=ROOT, env=env, on_line=print)
    try:
        return mkdocs.wait(None) or 0
    except KeyboardInterrupt:
        return 0
    finally:
        mkdocs.kill()
