"""Draws what `course bench chat` has stored: an SVG that needs no colours, and a table that says the same."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course.bench.drawing import COOL, WARM, bars, lines, svg
from course.bench.machine_facts import circumstances, load_before

NAMES = {"09_chat_sync": "09, sync", "10_chat_async": "10, async"}
STYLES = {"09_chat_sync": (WARM, "--"), "10_chat_async": (COOL, "-")}
PACKAGES = ("channels", "daphne", "channels-redis", "redis")


def picture(results: dict[str, Any]) -> str:
    """Return the SVG."""
    chats = results["chats"]
    pupils = next(iter(chats.values()))["class"]
    total = pupils["members"] * pupils["messages_each"]

    def draw(figure: Figure) -> None:
        spans, seconds, memory = figure.subplots(3, height_ratios=(2, 1.2, 4))
        _spans(spans, chats)
        title = f"{total:,} messages, each of them to {pupils['members']} members"
        took_s = {NAMES[name]: chat["class"]["seconds"] for name, chat in chats.items()}
        bars(seconds, title, took_s, [STYLES[name][0] for name in chats], "{} s")
        _memory(memory, chats)

    return svg(draw, height=7.5, title="The sync and the async chat, measured", told=told(results))


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


def _spans(axes: Axes, chats: dict[str, Any]) -> None:
    """Draw how long a message takes: a line from p50, a disc, to p99, a square."""
    for name, chat in chats.items():
        ends = [chat["latency"][key] for key in ("p50_ms", "p99_ms")]
        color, dashes = STYLES[name]
        axes.plot(ends, [NAMES[name]] * 2, color=color, linestyle=dashes, linewidth=2.5)
        for ms, marker in zip(ends, "os", strict=True):
            axes.plot([ms], [NAMES[name]], color=color, marker=marker, markersize=10)
            axes.annotate(f"{ms} ms", (ms, NAMES[name]), (0, -20), textcoords="offset points", ha="center")
    members = next(iter(chats.values()))["latency"]["members"]
    axes.set_title(f"One message to {members} members: ● half of them have it, ■ 99 of 100 have it")
    axes.set_xlim(left=0)
    axes.margins(x=0.08, y=0.6)
    axes.invert_yaxis()
    axes.xaxis.set_visible(False)


def _memory(axes: Axes, chats: dict[str, Any]) -> None:
    """Draw how the server's memory grows with its connections."""
    for name, chat in chats.items():
        memory = {int(number): mb for number, mb in chat["connections"]["memory_mb"].items()}
        color, dashes = STYLES[name]
        axes.plot(list(memory), list(memory.values()), color=color, linestyle=dashes, linewidth=2.5)
        below = name != max(chats, key=lambda each: _last(chats[each]["connections"]))
        where = (max(memory), memory[max(memory)])
        axes.annotate(NAMES[name], where, (8, -12 if below else 4), textcoords="offset points")
    axes.set_title("Memory of the server, in MB, by silent connections")
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.grid(axis="y")
