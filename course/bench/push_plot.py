"""Draws what `course bench push` has stored: an SVG that needs no colours, and a table that says the same."""

from __future__ import annotations

from typing import Any

from course.bench.drawing import AXES, TEXTS, bar, lines, svg, text
from course.bench.machine_facts import circumstances, load_before

NAMES = {"13_task_polling": "13, it asks", "14_task_push": "14, it is told"}
KINDS = {"13_task_polling": "asks", "14_task_push": "told"}
PACKAGES = ("channels", "daphne", "channels-redis", "redis", "rq")
HEIGHT, LEFT, RIGHT = 470, 150, 680
STYLE = f"""{TEXTS}{AXES}\
.asks {{ stroke: #ffb375; fill: #ffb375; }}
.told {{ stroke: #74d6de; fill: #74d6de; }}
circle {{ fill-opacity: 0.25; stroke-width: 1.5; }}
path.asks, path.told {{ stroke-width: 3; fill: none; }}
text {{ stroke: none; }}"""


def picture(results: dict[str, Any]) -> str:
    """Return the SVG."""
    pages = results["pages"]
    parts = [
        *_delays(pages, top=10),
        *_bars(pages, "requests_a_task", "Questions that the page asks about one task", "{:.1f}", top=230),
        *_bars(pages, "bytes_a_task", "Bytes on the wire for one task", "{:,.0f}", top=350),
    ]
    title = "Asking and being told, measured"
    return svg(parts, height=HEIGHT, title=title, told=said(results), style=STYLE)


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


def _delays(pages: dict[str, Any], top: int) -> list[str]:
    """Draw a disc for each task, and a line for the median."""
    longest = max(page["delay_most_ms"] for page in pages.values())
    scale = next((ms for ms in (100, 250, 600, 1000, 2500, 5000) if ms >= longest), longest)
    parts = [text(20, top + 30, "From the end of the work to the page: one ○ for each task, | in their middle", "head")]
    for share in range(6):
        x = LEFT + share / 5 * (RIGHT - LEFT)
        parts.append(f'<path class="grid" d="M{x:.0f} {top + 50}V{top + 170}"/>')
        parts.append(text(x, top + 192, f"{scale * share / 5:g} ms", "axis", "middle"))
    for row, (name, page) in enumerate(pages.items()):
        y = top + 80 + 60 * row
        places = [LEFT + ms / scale * (RIGHT - LEFT) for ms in page["delays_ms"]]
        middle = LEFT + page["delay_p50_ms"] / scale * (RIGHT - LEFT)
        parts.append(text(20, y + 5, NAMES[name]))
        parts += [f'<circle class="{KINDS[name]}" cx="{x:.0f}" cy="{y}" r="6"/>' for x in places]
        parts.append(f'<path class="{KINDS[name]}" d="M{middle:.0f} {y - 16}V{y + 16}"/>')
        parts.append(text(middle, y + 32, f"{page['delay_p50_ms']} ms", "axis", "middle"))
    return parts


def _bars(pages: dict[str, Any], key: str, title: str, form: str, top: int) -> list[str]:
    longest = max(page[key] for page in pages.values()) or 1
    parts = [text(20, top + 20, title, "head")]
    for row, (name, page) in enumerate(pages.items()):
        y, share, told = top + 36 + 34 * row, page[key] / longest, form.format(page[key])
        parts.append(bar(y, NAMES[name], share, told, KINDS[name], left=LEFT, right=RIGHT))
    return parts
