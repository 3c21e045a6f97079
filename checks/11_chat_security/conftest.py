"""How people log in and enter rooms in the checks of this lesson."""

import pytest
from chat_members import LOGIN, PASSWORD, plain


@pytest.fixture
def log_in(visit):
    """Log somebody in, as a browser would, and return the visitor."""

    def log_in(name):
        visitor = visit(plain(name))
        visitor.submit(LOGIN, {"username": name, "password": PASSWORD})
        assert "sessionid" in visitor.cookies, f"{name} could not log in at {LOGIN}."
        return visitor

    return log_in


@pytest.fixture(scope="module")
def members():
    """Those who have logged in, by their names: a session lasts from one check to the next."""
    return {}


@pytest.fixture
def member(log_in, members):
    """Return a visitor who has logged in."""

    def member(name):
        if name not in members:
            members[name] = log_in(name)
        return members[name]

    return member


@pytest.fixture
def headers_of(member):
    """Return the headers with which the browser of somebody who has logged in opens a WebSocket."""
    return lambda name: member(name).headers


@pytest.fixture
def quiet(site):
    """Wait until those of the check before have left: a channel layer may lose a message while a consumer ends."""
    site.only_runs(0)


@pytest.fixture
def enter(quiet, connect, headers_of):
    """Connect somebody who has logged in to a room."""
    return lambda room, name: connect(room, name=plain(name), headers=headers_of(name))
