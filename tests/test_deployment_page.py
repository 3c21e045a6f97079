"""What docs/deployment.md says to do without Docker, as far as it can be proved without being root.

`python -m tests.walk_deployment` follows it word for word.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from course.catalog.lessons import find
from tests.walk_deployment import PAGE, steps

TEMPLATE = find("17").solution / "deploy" / "nginx.conf.template"
NAMES = set(re.findall(r"\$\{(\w+)\}", TEMPLATE.read_text(encoding="utf-8")))


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """`systemd-analyze verify` finds nothing wrong; the programs that they name are not here, so another stands in."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("There is no systemd-analyze here.")
    units = {Path(step.file).name: step.text for step in steps() if step.file.endswith(".service")}
    for name, text in units.items():
        (tmp_path / name).write_text(re.sub(r"(?<=^ExecStart=)\S+", "/bin/true", text, flags=re.MULTILINE))
    names = [name.replace("@", "@8001") for name in units]
    (tmp_path / "daphne@8001.service").symlink_to("daphne@.service")
    told = subprocess.run([program, "verify", *names], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert sorted(units) == ["daphne@.service", "rqworker.service"]
    assert [line for line in told.stderr.splitlines() if ".service" in line and str(tmp_path) in line] == []
    assert told.returncode == 0, told.stderr


def test_every_name_in_the_template_is_filled_in() -> None:
    """What `envsubst` is told, and what is exported before, are the names in the template."""
    text = PAGE.read_text(encoding="utf-8")
    listed = re.search(r"envsubst \"\$\(printf '\$\{%s\} ' ([A-Z0-9_ ]+)\)\"", text)
    exported = re.findall(r"(\w+)=\S+", " ".join(re.findall(r"^export ((?:LISTEN|TLS)\S+=.*)$", text, re.MULTILINE)))

    assert listed
    assert set(listed[1].split()) == set(exported) == NAMES
