"""What the pictures and tables of all benches have in common: an SVG that needs no colours, rows in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

WIDTH = 800
FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="t d" \
font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="15">
<title id="t">{title}</title>
<desc id="d">{told}</desc>
<style>
{style}
</style>
<rect width="{width}" height="{height}" rx="8" fill="#0e242a"/>
{parts}
</svg>
"""
TEXTS = """\
.head { fill: #fff; font-weight: 650; font-size: 17px; }
.say { fill: #e2ecee; }
"""
AXES = """\
.axis { fill: #b9c6ca; font-size: 13px; }
.grid { stroke: #3b5a62; stroke-width: 1; fill: none; }
"""


def svg(parts: Iterable[str], *, height: int, title: str, told: str, style: str) -> str:
    """Return an SVG of these parts; `told` says in words what it shows."""
    body = "\n".join(parts)
    return FRAME.format(width=WIDTH, height=height, title=title, told=escape(told), style=style, parts=body)


def text(x: float, y: float, what: str, kind: str = "say", anchor: str = "start") -> str:
    """Return a text at a place; `kind` is its class in the style."""
    return f'<text x="{x:.0f}" y="{y:.0f}" class="{kind}" text-anchor="{anchor}">{escape(what)}</text>'


def bar(y: int, title: str, share: float, told: str, kind: str, *, left: int, right: int, high: int = 22) -> str:
    """Return a bar that fills a share of what is between `left` and `right`, its title before it, a text behind it."""
    width = share * (right - left)
    return "\n".join(
        [
            text(20, y + 17, title),
            f'<rect class="{kind}" x="{left}" y="{y}" width="{width:.0f}" height="{high}" rx="3"/>',
            text(left + width + 10, y + 17, told),
        ]
    )


def lines(rows: Iterable[Sequence[str]]) -> str:
    """Return the rows of a table in Markdown."""
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
