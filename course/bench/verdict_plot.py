"""Draws what `course bench verdict` has stored: an SVG that needs no colours, and a table that says the same."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from course.bench.drawing import COOL, WARM, bars, lines, svg
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


def picture(results: dict[str, Any]) -> str:
    """Return the SVG: a bar for each way, its median in seconds."""
    medians = {title: results["ways"][name]["median_s"] for name, title in WAYS.items()}
    colors = [COOL if title.startswith("course") else WARM for title in medians]
    title = "From the command to the verdict, the same chat, medians"

    def draw(figure: Figure) -> None:
        bars(figure.subplots(), title, medians, colors, "{:.2f} s")

    return svg(draw, height=3.2, title="Time to a verdict", told=said(results))


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
