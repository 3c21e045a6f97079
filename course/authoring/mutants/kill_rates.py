"""How many mutants the checks of each lesson kill: kept as JSON, and shown in the docs as a table."""

from __future__ import annotations

import datetime
from pathlib import Path

from course.authoring.mutants.run import Chosen
from course.bench.drawing import lines
from course.bench.stored_results import Results
from course.catalog.lessons import Lesson

STORED = Path("docs/assets/bench/mutants.json")
COUNTS = ("of", "judged", "killed", "survivors")
HEAD = ("lesson", "mutants", "judged", "killed", "survive", "kill rate", "measured")


def with_lesson(results: Results, lesson: Lesson, chosen: Chosen, survivors: int, seed: int) -> Results:
    """Return the results with what came out for a lesson now, in place of what was there."""
    facts = {
        "date": f"{datetime.date.today()}",
        "seed": seed,
        "of": chosen.of,
        "equivalent": chosen.equivalent,
        "judged": len(chosen.mutants),
        "killed": len(chosen.mutants) - survivors,
        "survivors": survivors,
    }
    return dict(sorted((results | {lesson.slug: facts}).items()))


def rate(killed: int, judged: int) -> str:
    """Return a share in percent; it is 100 only where all are killed."""
    return "–" if not judged else f"{int(1000 * killed / judged) / 10:g} %"


def table(results: Results) -> str:
    """Return the kill rates of all lessons as a table in Markdown, and that of all together."""
    rows: list[tuple[str, ...]] = [HEAD, ("---", "--:", "--:", "--:", "--:", "--:", "---")]
    for slug, facts in results.items():
        rows.append((slug, *_numbers(facts), facts["date"]))
    whole = {key: sum(facts[key] for facts in results.values()) for key in COUNTS}
    rows.append(("**all**", *_numbers(whole), ""))
    return lines(rows) + "\n"


def _numbers(facts: Results) -> tuple[str, ...]:
    share = rate(facts["killed"], facts["judged"])
    return (*(f"{facts[key]}" for key in COUNTS), share)


DRAWN = {Path("includes/bench/mutants.md"): table}
