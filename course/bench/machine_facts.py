"""What a measurement was made on."""

from __future__ import annotations

import datetime
import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

PACKAGES = ("django", "channels", "daphne", "channels-redis", "redis", "rq", "selenium", "pytest", "websockets")


def _machine() -> dict[str, object]:
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }


def beginning() -> dict[str, object]:
    """Describe what a measurement begins with.

    That is the day, this machine (cores, memory in GiB, processor, system, Python, the packages that count), and how
    busy it is with other things.
    """
    busy = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
    return {"measured_on": f"{datetime.date.today()}", "machine": _machine(), "busy_before": busy}


def circumstances(results: dict[str, Any], *packages: str, what: str = "") -> str:
    """Say in a sentence when and on what stored `results` were measured, with the versions of these packages."""
    where = results["machine"]
    versions = "".join(f", {name} {where['packages'][name]}" for name in packages)
    return (
        f"Measured on {results['measured_on']}{what}: {where['processor']}, "
        f"{where['cores']} cores, {where['memory_gib']} GiB, {where['system']}, Python {where['python']}{versions}."
    )


def load_before(results: dict[str, Any]) -> str:
    """Say how busy the machine was when it began, as the end of a sentence, or nothing where that is not known."""
    return "" if results["busy_before"] is None else f"; its load before the start was {results['busy_before']}"


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
