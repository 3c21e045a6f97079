"""Draws what `course bench push` has stored: an SVG that needs no colours, and a table that says the same."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course.bench.drawing import COOL, INK, WARM, bars, lines, svg
from course.bench.machine_facts import circumstances, load_before

NAMES = {"13_task_polling": "13, it asks", "14_task_push": "14, it is told"}
COLORS = (WARM, COOL)
PACKAGES = ("channels", "daphne", "channels-redis", "redis", "rq")


def picture(results: dict[str, Any]) -> str:
    """Return the SVG."""
    pages = {NAMES[name]: page for name, page in results["pages"].items()}

    def draw(figure: Figure) -> None:
        delays, asked, sent = figure.subplots(3, height_ratios=(2, 1, 1))
        _delays(delays, pages)
        for axes, key, title, form in (
            (asked, "requests_a_task", "Questions that the page asks about one task", "{:.1f}"),
            (sent, "bytes_a_task", "Bytes on the wire for one task", "{:,.0f}"),
        ):
            bars(axes, title, {name: page[key] for name, page in pages.items()}, COLORS, form)

    return svg(draw, height=5.6, title="Asking and being told, measured", told=said(results))


def said(results: dict[str, Any]) -> str:
    """Return what the picture shows, in words."""
    return " ".join(
        f"Lesson {NAMES[name]}: from the end of the work to the page {page['delay_p50_ms']} ms in the middle, "
        f"{page['delay_most_ms']} ms at most; {page['requests_a_task']} questions and {page['bytes_a_task']:,} bytes "
        "for one task."
        for name, page in results["pages"].items()
    )


def table(results: dict[str, Any]) -> str:
    """Return the numbers as two tables in Markdown, and what they were measured on."""
    pages, crowd = results["pages"], results["crowd"]
    rows = [
        ("measured", *(f"Lesson {NAMES[name]}" for name in pages)),
        ("---", *("--:" for _ in pages)),
        ("from the end of the work to the page, median", *(f"{page['delay_p50_ms']} ms" for page in pages.values())),
        ("the same, longest", *(f"{page['delay_most_ms']} ms" for page in pages.values())),
        ("questions asked about one task", *(f"{page['requests_a_task']}" for page in pages.values())),
        ("bytes on the wire for one task", *(f"{page['bytes_a_task']:,}" for page in pages.values())),
    ]
    people = f"{crowd['subscribers']:,} subscribers"
    more = [
        (f"{people} of as many tasks, on one Daphne", "measured"),
        ("---", "--:"),
        ("heard their own task, once, and nothing else", f"{crowd['heard_their_own_and_nothing_else']:,}"),
        ("subscribed within", f"{crowd['subscribed_in_s']} s"),
        ("told within, by one worker", f"{crowd['told_in_s']} s"),
        ("memory of the server before", f"{crowd['memory_before_mb']} MB"),
        ("memory of the server with all of them", f"{crowd['memory_with_all_mb']} MB"),
        ("memory of one subscriber", f"{crowd['kb_each']} kB"),
    ]
    where = circumstances(results, *PACKAGES, what=f", {results['tasks']} tasks of 1.5 to 2.5 s each")
    where += f" Chrome, Daphne, Redis and the worker shared the machine{load_before(results)}."
    return f"{lines(rows)}\n\n{lines(more)}\n\n{where}\n"


def _delays(axes: Axes, pages: dict[str, Any]) -> None:
    """Draw a ring for each task, and a line for the median."""
    for (name, page), color in zip(pages.items(), COLORS, strict=True):
        median = page["delay_p50_ms"]
        axes.scatter(page["delays_ms"], [name] * len(page["delays_ms"]), s=60, facecolors="none", edgecolors=color)
        axes.plot([median], [name], marker="|", markersize=26, markeredgewidth=3, color=INK)
        axes.annotate(f"{median} ms", (median, name), (0, -28), textcoords="offset points", ha="center")
    axes.set_title("From the end of the work to the page: one ○ for each task, | in their middle")
    axes.set_xlim(left=0)
    axes.margins(y=0.6)
    axes.invert_yaxis()
    axes.xaxis.set_major_formatter("{x:g} ms")
    axes.grid(axis="x")
