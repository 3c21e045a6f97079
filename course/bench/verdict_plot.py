"""Draws what `course bench verdict` has stored: an SVG that needs no colours, and a table that says the same."""

from __future__ import annotations

from typing import Any

from course.bench.drawing import lines, svg, text
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
STYLE = """\
.head { fill: #fff; font-weight: 650; font-size: 17px; }
.say { fill: #e2ecee; }
.course { fill: #74d6de; }
.other { fill: #ffb375; }"""


def picture(results: dict[str, Any]) -> str:
    """Return the SVG: a bar for each way, its median in seconds."""
    longest = max(way["median_s"] for way in results["ways"].values())
    height = 60 + ROW * len(WAYS)
    parts = [text(20, 34, "From the command to the verdict, the same chat, medians", "head")]
    for row, (name, title) in enumerate(WAYS.items()):
        y = 56 + ROW * row
        median_s = results["ways"][name]["median_s"]
        width = max(2.0, median_s / longest * (RIGHT - LEFT))
        kind = "course" if title.startswith("course") else "other"
        parts += [
            text(20, y + 17, title),
            f'<rect class="{kind}" x="{LEFT}" y="{y}" width="{width:.0f}" height="24" rx="3"/>',
            text(LEFT + width + 10, y + 17, f"{median_s:.2f} s"),
        ]
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
