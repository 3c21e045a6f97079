"""The pages as a folder that opens by double-click: no server, no network, and the search works."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from pathlib import Path

from course.catalog.lessons import ROOT
from course.docs.site import CONFIG, Tell, build

FOLDER = ROOT / "site-offline"
INSTANT = "navigation.instant"  # it asks for pages by fetch, which file:// has not
FEATURE = re.compile(r"^    - ((?:content|navigation|search|toc)\.[\w.]+)$", re.MULTILINE)


def build_offline(tell: Tell, folder: Path = FOLDER) -> int:
    """Build the pages into a folder, and a zip of it beside it; return the exit code."""
    with tempfile.TemporaryDirectory() as home:
        config = Path(home, "mkdocs.yml")
        config.write_text(_config(), encoding="utf-8")
        code = build(tell, folder, config)
    if code == 0:
        archive = shutil.make_archive(str(folder), "zip", folder.parent, folder.name)
        tell(f"Open {folder / 'index.html'}, or hand on {archive}")
    return code


def _config() -> str:
    """Return the site's configuration for offline use; JSON is YAML."""
    features = [name for name in FEATURE.findall(CONFIG.read_text(encoding="utf-8")) if name != INSTANT]
    differs = {
        "INHERIT": str(CONFIG),
        "docs_dir": str(ROOT / "docs"),
        "theme": {"features": features},
        "extra": {"polyfills": ["javascripts/iframe-worker-shim.js"]},
        "plugins": ["search", "offline"],
    }
    return json.dumps(differs)
