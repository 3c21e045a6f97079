"""What holds after every check of every lesson: no exception has left the application, and nothing outlives its client.

A check that takes Redis away expects no clean end, and any other may say so: `@pytest.mark.disturbs("…")` names what it
takes away that a correct program may fail over.
Where a lesson teaches how a connection ends, `ends` in its lesson.toml names the check that stands for it: until then,
what happens at the end of a connection counts in that check alone.
"""

from __future__ import annotations

from course.errors import Unmet
from course.testbed.bed import Bed

WORDS = {
    "websocket": "an exception left the consumer at {path}",
    "http": "an exception left the application at {path}",
    "view": "an exception left the view of {path}",
    "task": "a task that the consumer started ended with an exception",
    "coroutine": "a coroutine was never awaited",
}


def need_clean_end(bed: Bed, check: str) -> None:
    """Wait until all that the check has opened is over.

    Raises Unmet when an exception was left over that nobody caught, or a consumer or its task goes on.
    """
    if "redis" in bed.lesson.needs and bed.redis.was_disturbed:
        return
    ends_count = bed.lesson.ends in ("", check)
    for site in bed.sites:
        if not site.lives and not site.why_dead:
            continue
        if ends_count:
            site.consumers_end()
        else:
            site.only_runs(0)
        for raised in site.raised:
            if ends_count or not raised.at_end:
                what = WORDS.get(raised.kind, WORDS["websocket"]).format(path=raised.path)
                when = ", after its client had left" if raised.at_end else ""
                told = f"The check itself passed, but {what}{when}."
                raise Unmet(told, expected="no exception", got=raised.says)
