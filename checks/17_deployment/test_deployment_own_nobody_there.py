"""When no Daphne is there, nginx says so itself: HTTP 503, with Retry-After in seconds and a page in words.

What a Daphne answers is passed on as ever, its own 503 too.
"""

import time
from contextlib import ExitStack

import pytest
from student_log_in import LOGIN

from course.testbed.deadlines import comes_true, deadline_s

PATH = "/ws/events/"
HEALTH = "/healthz/"
AGAIN_UNITS = 4
LONGEST_WAIT_S = 60


@pytest.mark.own
def test_nginx_says_that_nobody_is_there(topology, connect, redis, fresh):
    """When both Daphnes are gone, nginx answers 503 with Retry-After and a page. What a Daphne answers stays as it is.

    1. nginx has a page of its own for each of its errors. You can name another one, and another status.
    2. `error_page` does both. The place it leads to can be a location that no visitor gets to, with `@` in front. Which
       error is it if nobody answers, and which ones come from Django?
    3. `error_page 502 … =503 @name;` and in that location `return 503 "…";`, a `default_type`, and `add_header` for
       Retry-After, with the parameter that it needs for an answer that is an error.
    """
    assert topology.get(f"/{fresh.word()}/").status == 404
    with redis.stalled():
        answer = topology.get(HEALTH)
    assert answer.status == 503, f"Redis answers nothing that writes, and {HEALTH} answers HTTP {answer.status}."
    assert isinstance(answer.json(), dict), f"{HEALTH} answers with no JSON object."

    for number in (0, 1):
        topology.kill(number)
    assert_says_so(topology.get(LOGIN), "a page")
    assert_says_so(topology.post("/registrations/", {"student": "s1", "section": "tasting"}), "a registration")
    status = connect.refused(PATH, site=topology)
    assert status == 503, f"Nobody is there, and a WebSocket is answered with HTTP {status}."

    topology.start(1)
    in_time = comes_true(lambda: topology.get(LOGIN).status == 200, AGAIN_UNITS)
    assert in_time, f"A Daphne is back, and {LOGIN} is still answered with HTTP {topology.get(LOGIN).status}."


@pytest.mark.own
def test_both_machines_are_off(topology):
    """When both machines are off and do not even refuse, nginx says so within four seconds, too.

    1. A machine that refuses and a machine that does not answer at all are two different errors for nginx.
    2. Open the page, and look at the status that nginx gives now.
    3. 502 is Bad Gateway, and 504 is Gateway Timeout. `error_page` takes several.
    """
    for number in (0, 1):
        topology.kill(number)
    with ExitStack() as off:
        for number in (0, 1):
            off.enter_context(topology.answers_nothing(number))
        began = time.monotonic()
        answer = topology.get(LOGIN)
        took_s = time.monotonic() - began
    assert_says_so(answer, "a page")
    assert took_s < deadline_s(AGAIN_UNITS), f"Both machines are off, and the answer took {took_s:.1f} s."


def assert_says_so(answer, what):
    """Assert that an answer tells a program and a person to come again."""
    told = f"Nobody is there, and {what} is answered with"
    assert answer.status == 503, f"{told} HTTP {answer.status}."
    wait = answer.headers.get("retry-after", "")
    assert wait.isdecimal(), f"{told} Retry-After: {wait}." if wait else f"{told} no Retry-After."
    assert 1 <= int(wait) <= LONGEST_WAIT_S, f"{told} Retry-After: {wait}."
    kind = answer.headers.get("content-type", "")
    assert kind.startswith("text/html"), f"{told} the Content-Type {kind!r}, not with a page."
    assert answer.text.strip(), f"{told} an empty page."
    assert "nginx" not in answer.text, f"{told} nginx's own page."
