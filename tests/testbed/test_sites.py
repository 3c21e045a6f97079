"""The server processes of one project, and which of them a check still finds."""

from __future__ import annotations

from course.catalog.lessons import find
from course.project.scratch_copy import scratch
from course.testbed.bed import Bed


def test_a_server_beside_the_first_does_not_outlive_its_redis() -> None:
    """Where a check took Redis away, the next one gets a second server that knows nothing of that."""
    lesson = find("09")
    with scratch(lesson, solved=True) as folder:
        bed = Bed(lesson, folder)
        try:
            first, second = bed.site(0), bed.site(1)
            assert first.host
            assert second.host
            bed.begin_check()
            assert bed.site(1) is second

            with bed.redis.gone():
                pass
            bed.begin_check()

            assert bed.site(0) is first
            assert bed.site(1) is not second
            assert not second.lives
        finally:
            bed.close()
