"""Draws what `course bench verdict` has stored: an SVG that needs no colours, and a table that says the same."""

from __future__ import annotations

from typing import Any

from course.bench.drawing import TEXTS, bar, lines, svg, text
from course.bench.machine_facts import circumstances

WAYS = {
    "watch_wire": "course watch, over the wire",
    "watch_windows": "course watch, in two windows",
    "check_wire": "course check, over the wire",
    "check_windows": "course check, in two windows",
    "communicator": "pytest-django, a communicator",
    "live_server": "the tutorial's: live server, Selenium",
}
PACKAGES = ("channels", "daphne", "selenium", "pytest")
LEFT, RIGHT, ROW = 300, 710, 40
STYLE = f"""{TEXTS}\
.course {{ fill: #74d6de; }}
.other {{ fill: #ffb375; }}"""


def picture(results: dict[str, Any]) -> str:
    """Return the SVG: a bar for each way, its median in seconds."""
    longest = max(way["median_s"] for way in results["ways"].values())
    parts = [text(20, 34, "From the command to the verdict, the same chat, medians", "head")]
    for row, (name, title) in enumerate(WAYS.items()):
        median_s = results["ways"][name]["median_s"]
        share = max(0.005, median_s / longest)  # else the shortest cannot be seen
        kind = "course" if title.startswith("course") else "other"
        parts.append(bar(56 + ROW * row, title, share, f"{median_s:.2f} s", kind, left=LEFT, right=RIGHT, high=24))
    height = 60 + ROW * len(WAYS)
    return svg(parts, height=height, title="Time to a verdict", told=said(results), style=STYLE)


def said(results: dict[str, Any]) -> str:
    """Return what the picture shows, in words."""
    each = (f"{title}: {results['ways'][name]['median_s']:.2f} s" for name, title in WAYS.items())
    return f"Medians. {'; '.join(each)}."


def table(results: dict[str, Any]) -> str:
    """Return the numbers as a table in Markdown, and what they were measured on."""
    rows = [("way", "median", "shortest to longest", "of the tutorial's"), ("---", "--:", "--:", "--:")]
    for name, title in WAYS.items():
        way = results["ways"][name]
        span = f"{min(way['all_s']):.2f} to {max(way['all_s']):.2f} s"
        share = results["times_as_long_as_the_tutorials_way"][name]
        rows.append((title, f"{way['median_s']:.2f} s", span, f"{share:.0%}"))
    return f"{lines(rows)}\n\n{results['rounds']} rounds, in turns. {circumstances(results, *PACKAGES)}\n"
