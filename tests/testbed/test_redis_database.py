"""On a Redis that others use too, each run has a database of its own, and leaves it as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis as client

from course.errors import CourseError
from course.testbed.deadlines import deadline_s
from course.testbed.servers import redis_database as claim
from course.testbed.servers.redis_database import OURS, with_database
from course.testbed.servers.redis_server import Redis


@pytest.fixture
def theirs(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of a Redis that somebody else runs, and that REDIS_URL names."""
    monkeypatch.delenv("REDIS_URL", raising=False)
    with Redis() as running:
        monkeypatch.setenv("REDIS_URL", running.url)
        yield running.url


def keys(url: str, number: int = 0) -> set[bytes]:
    with client.Redis.from_url(with_database(url, number)) as connection:
        return set(connection.keys())


def put(url: str, number: int) -> None:
    with client.Redis.from_url(with_database(url, number)) as connection:
        connection.set("recipe", "secret")


def test_nothing_is_left_behind(theirs: str) -> None:
    """After a run, the server is as it was: no claim, no data."""
    with Redis() as ours:
        put(ours.url, 1)

    assert [keys(theirs, number) for number in range(3)] == [set(), set(), set()]


def test_two_runs_on_one_redis_never_meet(theirs: str) -> None:
    """Each has a database of its own, and neither is the one that REDIS_URL names."""
    with Redis() as one, Redis() as two:
        urls = {one.url, two.url}

    assert urls == {with_database(theirs, 1), with_database(theirs, 2)}


def test_a_database_that_holds_something_is_left_alone(theirs: str) -> None:
    """What somebody keeps in a database is not ours, and stays."""
    put(theirs, 1)
    with Redis() as ours:
        url = ours.url

    assert url == with_database(theirs, 2)
    assert keys(theirs, 1) == {b"recipe"}


def test_the_database_that_the_url_names_is_never_taken(theirs: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who names database 1 keeps it, empty as it may be."""
    monkeypatch.setenv("REDIS_URL", with_database(theirs, 1))
    with Redis() as ours:
        url = ours.url

    assert url == with_database(theirs, 2)


def test_a_run_that_was_killed_gives_its_database_back(theirs: str) -> None:
    """When its claim has expired, the next run takes the database, and empties it first."""
    killed = Redis()
    put(killed.url, 1)
    with client.Redis.from_url(theirs) as connection:
        connection.delete(f"{OURS}:database-1")  # as time does

    with Redis() as following:
        url, found = following.url, keys(following.url, 1)
        killed.stop()
        kept = keys(following.url, 1)

    assert url == with_database(theirs, 1)
    assert found == {OURS.encode()}
    assert kept == found


def test_the_claim_of_a_living_run_is_renewed(theirs: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that lasts longer than its lease keeps its database."""
    monkeypatch.setattr(claim, "LEASE_UNITS", 1 / deadline_s(1))
    with Redis(), client.Redis.from_url(theirs) as connection:
        with connection.monitor() as monitor:
            renewal = next(said["command"] for said in monitor.listen() if said["command"].startswith("EXPIRE"))

    assert renewal == f"EXPIRE {OURS}:database-1 1"


def test_a_server_without_a_free_database_is_told(theirs: str) -> None:
    """When all databases are somebody's, the message says so, and no claim stays."""
    for number in range(1, 16):
        put(theirs, number)

    with pytest.raises(CourseError) as caught:
        Redis()

    assert "has no free database" in caught.value.message
    assert keys(theirs) == set()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://127.0.0.1:6379", "redis://127.0.0.1:6379/7"),
        ("redis://:pw@cache/2?protocol=3", "redis://:pw@cache/7?protocol=3"),
        ("rediss://cache:6380/0", "rediss://cache:6380/7"),
        ("unix:///run/redis.sock?db=1", "unix:///run/redis.sock?db=7"),
    ],
)
def test_a_url_is_given_another_database(url: str, expected: str) -> None:
    """All the rest of the URL stays as it is."""
    assert with_database(url, 7) == expected
