"""A ticket: a member asks for it in the room, and another client, without a cookie, comes in with it as that member.

{"command": "ticket"} is answered with {"ticket": "…"}; it opens the same room by ?ticket=…, once, within ten seconds.
"""

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor

import chat_contract as chat
import pytest
from chat_members import DAN, GARDEN, TEA, hear, is_in, plain, who_said

from course.errors import Unmet
from course.testbed.clients.websocket_client import Closed
from course.testbed.deadlines import comes_true

ASK = {"command": "ticket"}
AS_IT_IS = re.compile(r"[\w.~-]+", re.ASCII)  # goes into an address as it is
SHORTEST = 16
VALID_S = 10
IN_TIME_S = 7
SLACK_S = 0.5
CROWD = 6


@pytest.mark.own
def test_a_ticket_lets_a_client_in_without_a_cookie(enter, connect, second_site, fresh):
    """A member who asks gets a ticket, and a client without a cookie comes in with it as that member, in any process.

    1. The session cookie tells the server at the handshake who someone is. What else can a handshake carry?
    2. Two processes share no variable. Keep the ticket where both find it, with what you need to know about it later.
    3. `secrets.token_urlsafe()` makes one. Redis has `set` with `ex`, and `scope["query_string"]` is bytes, as in
       lesson 05. In `connect`, look at the ticket where the session knows nobody.
    """
    for name, site in (("ana", second_site), (DAN, None)):
        with enter(TEA, name) as owner, enter(TEA, "ben") as ben:
            is_in(owner)
            is_in(ben)
            ticket = ask_for_ticket(owner)
            text, heard = chat.say(ben, fresh.text()), [{}]
            while heard[-1].get("message") != text:
                heard.append(hear(ben))
            overheard = [frame for frame in heard if ticket in json.dumps(frame)]
            assert not overheard, f"{plain(name)} asked for a ticket, and ben was told of it: {overheard[0]}"

            assert connect.refused(f"{TEA}?ticket={ticket}", origin="https://evil.example") == 403
            with uses(connect, TEA, ticket, f"{plain(name)}'s screen", site) as screen:
                is_in(screen)
                text = chat.say(screen, fresh.text())
                assert who_said(ben, text) == name
                text = chat.say(ben, fresh.text())
                assert who_said(screen, text) == "ben"


@pytest.mark.own
def test_a_ticket_opens_one_room_once(enter, connect, second_site, redis):
    """A ticket lets one client in, and opens no other room: any other client is accepted and closed with 4401.

    1. A ticket is part of an address, and addresses are written into logs. What can anyone do who finds it there?
    2. Whoever reads a ticket takes it away. If two come at once, reading first and deleting then lets both in.
    3. `getdel` of Redis reads and deletes in one step. Keep the room with the ticket, and compare it with the room in
       the path.
    """
    with enter(TEA, "ben") as ben:
        is_in(ben)
        ticket, other, shared = (ask_for_ticket(ben) for _ in range(3))
        assert len({ticket, other, shared}) == 3, "ben asked for three tickets, and two of them are the same."
        with uses(connect, TEA, ticket, "ben's screen") as screen:
            is_in(screen)
            assert_refused(connect, TEA, ticket, "the ticket is being used", second_site)
        assert_refused(connect, TEA, ticket, "the ticket has been used")
        assert_refused(connect, GARDEN, other, "the ticket is for another room")
        for unknown in ("", "tea", f"{shared}x", shared[:-1], "%FF", "*", "%00"):
            assert_refused(connect, TEA, unknown, "no such ticket was given")
        # Redis lets all of them read, and none of them write: who reads first and deletes then has read by now.
        with ThreadPoolExecutor(CROWD) as pool, redis.stalled():
            sites = [None, second_site] * (CROWD // 2)
            asking = [pool.submit(gets_in, connect, shared, n, site) for n, site in enumerate(sites, 1)]
            comes_true(lambda: redis.held_up() >= CROWD, 1)
        got_in = sum(one.result() for one in asking)
        assert got_in == 1, f"{CROWD} clients came with one ticket at the same time, and {got_in} were let in."


@pytest.mark.own
def test_a_ticket_ends_after_ten_seconds(enter, connect):
    """A ticket can be used for ten seconds. After that it is like one that never was: accepted, and closed with 4401.

    1. A ticket that nobody uses stays valid. For how long, and who takes it away?
    2. Nothing of yours has to run when the time is over. Let whatever keeps the ticket forget it.
    3. Redis forgets a key after `ex` seconds. In a table, store the time, and compare.
    """
    with enter(TEA, "ana") as ana:
        is_in(ana)
        began_s, early, late = time.monotonic(), ask_for_ticket(ana), ask_for_ticket(ana)
        asked_s = time.monotonic()
        ana.stays_open(max(0, asked_s + IN_TIME_S - time.monotonic()))
        with uses(connect, TEA, early, "ana's screen") as screen:
            try:
                is_in(screen)
            except Closed:
                age_s = time.monotonic() - began_s
                assert age_s > VALID_S, f"After {age_s:.1f} s, ana's ticket was not valid any more."
        ana.stays_open(max(0, asked_s + VALID_S + SLACK_S - time.monotonic()))
        assert_refused(connect, TEA, late, "the ticket is more than ten seconds old")


def ask_for_ticket(member):
    """Ask for a ticket in a room, and return it."""
    member.send_json(ASK)
    while True:
        heard = hear(member)
        if "error" in heard:
            raise Unmet(
                f"{member.name} asked for a ticket.",
                expected='{"ticket": "…"}',
                got=json.dumps(heard, ensure_ascii=False),
            )
        if "ticket" in heard:
            break
    ticket = heard["ticket"]
    is_good = isinstance(ticket, str) and len(ticket) >= SHORTEST and AS_IT_IS.fullmatch(ticket)
    assert is_good, f"A ticket has at least {SHORTEST} of the characters A-Z a-z 0-9 - _ . ~, but this is {ticket!r}."
    return ticket


def uses(connect, path, ticket, name, site=None):
    """Open a WebSocket with a ticket, and without a cookie."""
    return connect(f"{path}?ticket={ticket}", name=name, site=site)


def assert_refused(connect, path, ticket, why, site=None):
    """Come with a ticket that is not valid, and be closed with 4401."""
    try:
        code = uses(connect, path, ticket, "a stranger", site).close_code
    except Unmet as stays:
        raise Unmet(f"A stranger was let in, but {why}.", expected="close code 4401", got=stays.got) from None
    assert code == 4401, f"Because {why}, the close code is 4401, but it was {code}."


def gets_in(connect, ticket, number, site):
    """Tell whether a client with this ticket can speak in the room."""
    client = uses(connect, TEA, ticket, f"guest {number}", site)
    try:
        is_in(client)
    except Closed:
        return False
    return True
