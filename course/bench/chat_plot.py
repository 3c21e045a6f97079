"""Draws what `course bench chat` has stored: an SVG that needs no colours, and a table that says the same."""

from __future__ import annotations

from typing import Any

from course.bench.drawing import AXES, TEXTS, bar, lines, svg, text
from course.bench.machine_facts import circumstances, load_before

NAMES = {"09_chat_sync": "09, sync", "10_chat_async": "10, async"}
KINDS = {"09_chat_sync": "sync", "10_chat_async": "async"}
PACKAGES = ("channels", "daphne", "channels-redis", "redis")
LEFT, RIGHT = 130, 700
STYLE = f"""{TEXTS}{AXES}\
.sync {{ stroke: #ffb375; fill: #ffb375; }}
.async {{ stroke: #74d6de; fill: #74d6de; }}
path.sync, path.async {{ fill: none; stroke-width: 2.5; }}
path.sync {{ stroke-dasharray: 7 5; }}
text {{ stroke: none; }}"""


def picture(results: dict[str, Any]) -> str:
    """Return the SVG."""
    chats = results["chats"]
    parts = [*_spans(chats, top=20), *_bars(chats, top=180), *_lines(chats, top=320)]
    title = "The sync and the async chat, measured"
    return svg(parts, height=620, title=title, told=told(results), style=STYLE)


def told(results: dict[str, Any]) -> str:
    """Return what the picture shows, in words."""
    sentences = []
    for name, chat in results["chats"].items():
        wait, pupils, held = chat["latency"], chat["class"], chat["connections"]
        sentences.append(
            f"Lesson {NAMES[name]}: a message reaches the {wait['members']} members of a room in {wait['p50_ms']} ms "
            f"(p50) to {wait['p99_ms']} ms (p99); {pupils['members'] * pupils['messages_each']:,} messages reach "
            f"{pupils['members']} members each in {pupils['seconds']} s; the server takes {_last(held)} MB with "
            f"{held['held']:,} silent connections."
        )
    return " ".join(sentences)


def table(results: dict[str, Any]) -> str:
    """Return the numbers as a table in Markdown, and what they were measured on."""
    chats = list(results["chats"].values())
    pupils, held = chats[0]["class"], chats[0]["connections"]
    total = pupils["members"] * pupils["messages_each"]
    rows = [
        ("measured", *(f"Lesson {NAMES[name]}" for name in results["chats"])),
        ("---", *("--:" for _ in chats)),
        (f"a message reaches {chats[0]['latency']['members']} members, p50", *(_ms(c, "p50_ms") for c in chats)),
        ("the same, p90", *(_ms(c, "p90_ms") for c in chats)),
        ("the same, p99", *(_ms(c, "p99_ms") for c in chats)),
        (f"{total:,} messages, each to {pupils['members']} members", *(f"{c['class']['seconds']} s" for c in chats)),
        ("of these, not delivered exactly once", *(str(c["class"]["not_exactly_once"]) for c in chats)),
        ("members who heard somebody's messages out of order", *(str(c["class"]["out_of_order"]) for c in chats)),
        (f"connections held, of {held['opened']:,} opened", *(f"{c['connections']['held']:,}" for c in chats)),
        ("memory of the server with none", *(f"{c['connections']['memory_mb']['0']:.0f} MB" for c in chats)),
        ("memory of the server with all", *(f"{_last(c['connections']):.0f} MB" for c in chats)),
        ("memory of one connection", *(f"{c['connections']['kb_each']:.0f} kB" for c in chats)),
    ]
    where = f"{circumstances(results, *PACKAGES)} One Daphne, one Redis and all clients shared the machine"
    return f"{lines(rows)}\n\n{where}{load_before(results)}.\n"


def _ms(chat: dict[str, Any], key: str) -> str:
    return f"{chat['latency'][key]} ms"


def _last(held: dict[str, Any]) -> float:
    return float(list(held["memory_mb"].values())[-1])


def _spans(chats: dict[str, Any], top: int) -> list[str]:
    """Draw how long a message takes: a line from p50, a disc, to p99, a square."""
    longest = max(chat["latency"]["p99_ms"] for chat in chats.values())
    members = next(iter(chats.values()))["latency"]["members"]
    title = f"One message to {members} members: ● half of them have it, ■ 99 of 100 have it"
    parts = [text(20, top + 20, title, "head")]
    for row, (name, chat) in enumerate(chats.items()):
        y = top + 62 + 44 * row
        p50, p99 = (chat["latency"][key] for key in ("p50_ms", "p99_ms"))
        x50, x99 = (LEFT + value / longest * (RIGHT - LEFT) for value in (p50, p99))
        kind = KINDS[name]
        parts += [
            text(20, y + 5, NAMES[name]),
            f'<path class="{kind}" d="M{x50:.0f} {y}H{x99:.0f}"/>',
            f'<circle class="{kind}" cx="{x50:.0f}" cy="{y}" r="6"/>',
            f'<rect class="{kind}" x="{x99 - 6:.0f}" y="{y - 6}" width="12" height="12"/>',
            text(x50, y + 24, f"{p50} ms", "axis", "middle"),
            text(x99, y + 24, f"{p99} ms", "axis", "middle"),
        ]
    return parts


def _bars(chats: dict[str, Any], top: int) -> list[str]:
    """Draw how long the class takes."""
    longest = max(chat["class"]["seconds"] for chat in chats.values())
    pupils = next(iter(chats.values()))["class"]
    total = pupils["members"] * pupils["messages_each"]
    parts = [text(20, top + 20, f"{total:,} messages, each of them to {pupils['members']} members", "head")]
    for row, (name, chat) in enumerate(chats.items()):
        seconds = chat["class"]["seconds"]
        y, share = top + 40 + 34 * row, seconds / longest
        parts.append(bar(y, NAMES[name], share, f"{seconds} s", KINDS[name], left=LEFT, right=RIGHT))
    return parts


def _lines(chats: dict[str, Any], top: int) -> list[str]:
    """Draw how the server's memory grows with its connections."""
    floor, ceiling = top + 240, top + 50
    most_mb = max(mb for chat in chats.values() for mb in chat["connections"]["memory_mb"].values())
    opened = max(chat["connections"]["opened"] for chat in chats.values())
    step = 25 if most_mb <= 150 else 50 if most_mb <= 300 else 100

    def height(mb: float) -> float:
        return float(floor - mb / (most_mb + step) * (floor - ceiling))

    parts = [text(20, top + 20, "Memory of the server, in MB, by silent connections", "head")]
    for mb in range(0, int(most_mb) + step, step):
        y = height(mb)
        parts += [f'<path class="grid" d="M{LEFT} {y:.0f}H{RIGHT}"/>', text(LEFT - 10, y + 5, str(mb), "axis", "end")]
    for share in range(5):
        x = LEFT + share / 4 * (RIGHT - LEFT)
        parts.append(text(x, floor + 24, f"{opened * share // 4:,}", "axis", "middle"))
    for name, chat in chats.items():
        memory = chat["connections"]["memory_mb"].items()
        points = [(LEFT + int(number) / opened * (RIGHT - LEFT), height(mb)) for number, mb in memory]
        line = "L".join(f"{x:.0f} {y:.1f}" for x, y in points)
        parts.append(f'<path class="{KINDS[name]}" d="M{line}"/>')
        last = _last(chat["connections"])
        is_top = last == max(_last(each["connections"]) for each in chats.values())
        parts.append(text(RIGHT + 8, height(last) + (-3 if is_top else 15), NAMES[name]))
    return parts
