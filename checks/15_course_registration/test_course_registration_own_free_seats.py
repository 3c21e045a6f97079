"""Free seats as they change: {"command": "watch", "section": key} is answered, now and later, with their number."""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import pytest
from registration_office import Office

from course.errors import Unmet
from course.testbed.deadlines import comes_true

CROWD = [f"s{number}" for number in range(1, 13)]
FENCE = {"command": "fence"}
FENCES = 10  # the consumer may still have to hand out what Redis has delivered
HALF_AN_EMOJI = "\ud83c"
LAST_SEATS = 3
PATH = "/ws/events/"


@pytest.fixture
def office(site, transcript, fresh):
    return Office(site, transcript, fresh)


@pytest.mark.own
def test_free_seats_are_told_as_they_change(office, connect, visit, logged_in):
    """{"command": "watch", "section": key} is answered with the free seats, now and after each change, to anyone.

    1. Free seats are not a secret, so nobody has to log in for them. Which group does a watcher belong in, and who
       sends something to it?
    2. A seat in a section with a lab is a seat in the lab too. Whoever watches the lab has to hear of it.
    3. Join a group of the section's own, then look, then answer. After a commit, `group_send` to the groups of all
       sections that have changed. Queries in an async consumer have names with an `a` in front, such as `acount()`.
    """
    lab = office.opens(seats=4)
    lecture, other = office.opens(seats=2, lab=lab), office.opens(seats=7)
    headers = logged_in(visit("s3")).headers
    with (
        connect(PATH, name="a visitor") as for_visitor,
        connect(PATH, name="ben") as for_ben,
        connect(PATH, name="s3", headers=headers) as for_student,
    ):
        visitor, ben, student = Watcher(for_visitor), Watcher(for_ben), Watcher(for_student)
        student.watches(lab, 4)
        for command in ("subscribe", "unsubscribe"):
            student.gets_an_answer_to({"command": command, "student": "s3"})
        for section, seats in ((lecture, 2), (lab, 4)):
            visitor.watches(section, seats)
        ben.watches(other, 7)
        office.registers("s1", lecture, accepted=True)
        visitor.hears(lecture, 1)
        visitor.hears(lab, 3)
        office.registers("s2", lab, accepted=True)
        visitor.hears(lab, 2)
        student.hears(lab, 2)
        visitor.settles()
        ben.settles()
        assert visitor.told(lecture) == [2, 1]
        assert visitor.told(lab) == [4, 3, 2]
        assert ben.sections == {other}, f"ben watches {other}, but was told of {ben.sections - {other}} too."


@pytest.mark.own
def test_only_true_numbers_are_told(office, connect, database, redis):
    """A number is told after the commit, and nothing that was rolled back is told.

    1. What can a watcher's consumer read before the block has ended? And what if the block never ends well?
    2. A message can't be taken back, and a transaction can.
    3. `transaction.on_commit`, for the watchers as for the student.
    """
    full = office.opens(seats=1)
    office.registers("s1", full, accepted=True)
    lecture, section = office.opens(seats=5, lab=full), office.opens(seats=5)
    with connect(PATH, name="ana") as for_ana:
        ana = Watcher(for_ana)
        for key in (lecture, section):
            ana.watches(key, 5)
        office.registers("s2", lecture, accepted=False)
        ana.settles()
        assert ana.told(lecture) == [5], "s2 got no seat, but ana was told of one less."
        with ThreadPoolExecutor(1) as pool, database.commits_wait():
            registering = pool.submit(office.registers, "s2", section, accepted=True)
            is_open = database.saw_a_commit_wait(registering.done, 10)
            comes_true(lambda: not redis.undelivered(), 3)
            ana.settles()
            early = is_open and ana.told(section) != [5]
        assert not early, "ana was told of a seat that was not in the database yet."
        registering.result()
        ana.hears(section, 4)


@pytest.mark.own
def test_the_last_number_is_the_true_one(office, connect, second_site, redis):
    """When many register at once in two processes, all watchers end with the true number; who has left, hears nothing.

    1. Two processes commit one after the other, and their messages may come the other way round. What is still true
       when the second one is read?
    2. An event need not carry the number. It can say that something has changed, and whoever hears it looks.
    3. Read the section in the event's handler, and count there. Keep the group in `self.groups`, so that it is left.
    """
    before = redis.members()
    section = office.opens(seats=LAST_SEATS)
    watchers = [Watcher(connect(PATH, name=name)) for name in ("ana", "ben")]
    for watcher in watchers:
        watcher.watches(section, LAST_SEATS)
    with ThreadPoolExecutor(len(CROWD)) as pool:
        sites = cycle([office.site, second_site])
        posts = [pool.submit(office.posts, student, section, next(sites)) for student in CROWD]
    accepted = sum(post.result().status < 300 for post in posts)
    assert accepted == LAST_SEATS, f"{LAST_SEATS} seats, but {accepted} students got one."
    for watcher in watchers:
        watcher.hears(section, 0)
        comes_true(lambda: not redis.undelivered(), 3)
        watcher.settles()
        assert watcher.told(section)[-1] == 0, f"{watcher.name} was told {watcher.told(section)}, and none is free."
        watcher.is_refused({"command": "watch", "section": f"{section}x"})
        for key in (None, "", 7, True, [section], {"section": section}, section.upper() + " ", HALF_AN_EMOJI):
            watcher.is_refused({"command": "watch", "section": key})
        watcher.is_refused({"command": "watch"})
        watcher.leaves()
    office.site.consumers_end()
    assert not redis.members() - before, (
        "Those who watched have left, but their channels are still in a group on Redis."
    )


class Watcher:
    """A client of ws/events/ who keeps what it hears of free seats; the same number twice in a row does no harm."""

    def __init__(self, client):
        self.name = client.name
        self._client = client
        self._frees = []

    @property
    def sections(self):
        """The sections that it was told of."""
        return {section for section, _ in self._frees}

    def told(self, section):
        """Return the numbers that were told of a section, without repetitions."""
        free = [free for key, free in self._frees if key == section]
        return [now for before, now in zip([None, *free], free, strict=False) if now != before]

    def watches(self, section, free):
        """Watch a section, and be told how many seats are free."""
        self._client.send_json({"command": "watch", "section": section})
        while section not in self.sections:
            heard = self._next()
            assert "error" not in heard, f"{self.name} was refused: {json.dumps(heard.get('error'))}"
        assert self.told(section) == [free]

    def gets_an_answer_to(self, content):
        """Send a command of the lesson, and wait for its answer."""
        self._client.send_json(content)
        while (heard := self._next()).get("type") != content["command"]:
            assert "error" not in heard, f"{self.name} was refused: {json.dumps(heard.get('error'))}"

    def hears(self, section, free):
        """Wait until this number of free seats is told."""
        while free not in self.told(section):
            self._next()

    def settles(self):
        """Hear all that is on its way."""
        for _ in range(FENCES):
            self.is_refused(FENCE)

    def is_refused(self, content):
        """Send something, and be told that it is refused."""
        self._client.send_json(content)
        known = len(self._frees)
        while not self._next().get("error"):
            said = f"{self.name} sent {json.dumps(content)}, and was told of free seats."
            assert content == FENCE or len(self._frees) == known, said

    def leaves(self):
        """Close the connection."""
        self._client.close()

    def _next(self):
        heard = self._client.receive_json()
        if not isinstance(heard, dict):
            raise Unmet(f"{self.name} heard something that is not an object.", got=json.dumps(heard))
        if heard.get("type") == "free":
            if not isinstance(heard.get("section"), str) or type(heard.get("free")) is not int:
                wanted = '{"type": "free", "section": …, "free": 2}'
                raise Unmet(
                    f"{self.name} was told of free seats in another shape.", expected=wanted, got=json.dumps(heard)
                )
            self._frees.append((heard["section"], heard["free"]))
        return heard
