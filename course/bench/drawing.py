"""What the pictures and tables of all benches have in common: an SVG that needs no colours, rows in Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from html import escape
from io import StringIO
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

WARM, COOL, INK = "#ffb375", "#74d6de", "#e2ecee"
STYLE: dict[Any, Any] = {
    **dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color", "axes.titlecolor"), INK),
    **dict.fromkeys(("figure.facecolor", "axes.facecolor", "savefig.facecolor"), "#0e242a"),
    **dict.fromkeys((f"axes.spines.{side}" for side in ("top", "right", "bottom", "left")), False),
    **dict.fromkeys(("xtick.major.size", "ytick.major.size"), 0),
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.titlesize": 12,
    "axes.titlepad": 12,
    "figure.constrained_layout.h_pad": 0.15,
    "figure.constrained_layout.w_pad": 0.15,
    "font.family": ["DejaVu Sans", "sans-serif"],
    "font.size": 11,
    "grid.color": "#3b5a62",
    "svg.fonttype": "none",  # texts stay texts
    "svg.hashsalt": "course",  # the same numbers make the same file
}


def svg(draw: Callable[[Figure], None], *, height: float, title: str, told: str) -> str:
    """Return what is drawn as an SVG, `height` inches high; `told` says in words what it shows."""
    with rc_context(STYLE), StringIO() as file:
        figure = Figure(figsize=(8.5, height), layout="constrained")
        draw(figure)
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
        text = re.sub(r"(?s)^.*?(?=<svg)|<metadata>.*</metadata>\n *", "", file.getvalue())
    words = f'<title id="t">{escape(title)}</title>\n<desc id="d">{escape(told)}</desc>'
    text = re.sub(r"<svg ([^>]*)>", rf'<svg \1 role="img" aria-labelledby="t d">\n{words}', text, count=1)
    return re.sub(r" +$", "", text, flags=re.MULTILINE)


def bars(axes: Axes, title: str, values: dict[str, float], colors: Sequence[str], form: str) -> None:
    """Draw a bar for each name, the first on top, its value behind it as `form` writes it."""
    drawn = axes.barh(list(values), list(values.values()), color=colors, height=0.6)
    axes.bar_label(drawn, [form.format(value) for value in values.values()], padding=8)
    axes.set_title(title)
    axes.margins(x=0.12)
    axes.invert_yaxis()
    axes.xaxis.set_visible(False)


def lines(rows: Iterable[Sequence[str]]) -> str:
    """Return the rows of a table in Markdown."""
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
