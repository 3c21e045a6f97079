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


def svg(parts: Iterable[str], *, height: int, title: str, told: str, style: str) -> str:
    """Return an SVG of these parts; `told` says in words what it shows."""
    body = "\n".join(parts)
    return FRAME.format(width=WIDTH, height=height, title=title, told=escape(told), style=style, parts=body)


def text(x: float, y: float, what: str, kind: str = "say", anchor: str = "start") -> str:
    """Return a text at a place; `kind` is its class in the style."""
    return f'<text x="{x:.0f}" y="{y:.0f}" class="{kind}" text-anchor="{anchor}">{escape(what)}</text>'


def lines(rows: Iterable[Sequence[str]]) -> str:
    """Return the rows of a table in Markdown."""
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
