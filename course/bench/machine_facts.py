"""What a measurement was made on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGES = ("django", "channels", "daphne", "channels-redis", "redis", "rq", "selenium", "pytest", "websockets")


def machine() -> dict[str, object]:
    """Describe this machine: cores, memory in GiB, processor, system, Python and the packages that count."""
    return {
        "cores": os.cpu_count(),
        "memory_gib": _memory_gib(),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }


def circumstances(results: dict[str, Any], *packages: str) -> str:
    """Say in a sentence when and on what stored `results` were measured, with the versions of these packages."""
    where = results["machine"]
    versions = "".join(f", {name} {where['packages'][name]}" for name in packages)
    return (
        f"Measured on {results['date']}: {where['processor']}, {where['cores']} cores, {where['memory_gib']} GiB, "
        f"{where['system']}, Python {where['python']}{versions}."
    )


def _memory_gib() -> int | None:
    if not hasattr(os, "sysconf"):
        return None
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
