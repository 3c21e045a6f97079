"""Pictures of the terminal for the docs: real reports, with times that do not change from run to run."""

from __future__ import annotations

import re
from io import StringIO

from rich.color import parse_rgb_hex
from rich.console import Console
from rich.terminal_theme import TerminalTheme

from course.authoring.pages.stable_output import steady
from course.results import Report

SEED = 2  # of the runs that the docs show
# Each: black, red, green, yellow, blue, magenta, cyan, white.
PLAIN = "0e242a ff8a80 7ed696 ffd17d 7fbef5 e2a5e6 74d6de e2ecee"
BRIGHT = "96aab0 ffa096 96e6ac ffde96 9bd0ff eebcf2 91e4ec ffffff"
COLOURS: list[tuple[int, int, int]] = [parse_rgb_hex(colour) for colour in f"{PLAIN} {BRIGHT}".split()]
THEME = TerminalTheme(COLOURS[0], COLOURS[7], COLOURS[:8], COLOURS[8:])
# Rich's own template fetches its font from a CDN.
SVG = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>TITLE</title>
<style>
.{unique_id}-matrix {{
    font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
    font-size: {char_height}px;
    line-height: {line_height}px;
}}
.{unique_id}-title {{ font: 600 16px system-ui, "DejaVu Sans", sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def capture(report: Report, width: int = 88) -> tuple[str, str]:
    """Return what `course check` prints for a report, as plain text and as an SVG picture."""
    from course.reports import terminal  # rich's parts are slow to import, and only this needs them

    title = f"python3 course check {report.lesson[:2]}{' --solution' if report.passed else ''}"
    return capture_renderable(terminal.render(steady(report)), title, width)


def capture_renderable(renderable: object, title: str, width: int = 88) -> tuple[str, str]:
    """Return what rich prints for `renderable`, as plain text and as an SVG picture."""
    console = Console(
        record=True, file=StringIO(), width=width, color_system="truecolor", force_terminal=True, legacy_windows=False
    )
    console.print(renderable)
    text = console.export_text(clear=False)
    name = "t" + re.sub(r"[^a-z0-9]+", "-", title.lower())
    template = SVG.replace("TITLE", title.replace("&", "&amp;").replace("<", "&lt;"))
    svg = console.export_svg(title=title, theme=THEME, code_format=template, unique_id=name)
    return _trimmed(text), _trimmed(svg)


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n") + "\n"
