"""Course registration: `POST /registrations/` takes seats, `ws/events/` tells each student how it went.

The students s1 to s30 are there, with the password tea-for-two. `POST /sections/` opens a section,
`GET /sections/<key>/` tells its `free` seats. A registration that is accepted is answered with 2xx, a refused one
with 4xx.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, cycle

import pytest
from registration_office import Office

from course.errors import Unmet
from course.testbed.clients.transcript import show
from course.testbed.deadlines import comes_true

FENCES = 10  # the consumer may still have to hand out what Redis has delivered
PATH = "/ws/events/"
SUCCESS, FAILURE = "SUCCESS", "FAILURE"
ANSWERS = {"subscribe": "Subscribed to {} events.", "unsubscribe": "Unsubscribed from {} events."}
HALF_AN_EMOJI = "\ud83c"
LAST_SEATS = 3
CROWD = [f"s{number}" for number in range(1, 21)]
MOST_FRAMES = 1000
NO_OBJECTS = ["subscribe", "{", "[]", '["subscribe", "s1"]', "null", "0", "true", '"subscribe"', "[" * 100_000]


@pytest.fixture
def office(site, transcript, fresh):
    return Office(site, transcript, fresh)


@pytest.fixture
def connect_as(connect, visit, logged_in):
    """Connects as a student who is logged in."""
    return lambda student, name="": connect(PATH, name=name or student, headers=logged_in(visit(student)).headers)


@pytest.fixture
def listen(connect_as):
    """Connects as a student who is logged in, and has subscribed to their own events."""

    def enter(student, name=""):
        listener = Listener(connect_as(student, name), student)
        listener.subscribe()
        return listener

    return enter


def test_a_subscription_is_answered(connect_as, redis):
    """A "subscribe" is answered with {"type": "subscribe", "message": "Subscribed to s1 events."}.

    1. The browser sends {"command": "subscribe", "student": "s1"}. Channels calls receive_json(content) in
       courses/consumers.py with it.
    2. Join the student's group, then answer. group_of() in courses/registrations.py returns the name of the group.
    3. await self.channel_layer.group_add(group_of(student), self.channel_name); await self.send_json({"type": command,
       "message": f"Subscribed to {key} events."})
    """
    student = Listener(connect_as("s1"), "s1")
    student.subscribe()
    student.subscribe()  # a client that is not sure asks again

    before = redis.members()
    tablet = Listener(connect_as("s2", "tablet"), "s2")  # of somebody else, whose group nobody is in yet
    with redis.stalled():
        tablet.asks_for("subscribe")
        waits = comes_true(lambda: redis.held_up() > 0, 1)
        early = waits and tablet.has_an_answer_to("subscribe") and not redis.members() - before
    assert not early, "The tablet was told that it has subscribed, but it was still waiting to join the group."
    tablet.is_answered("subscribe")


def test_a_success_is_told(office, listen):
    """A student who gets a seat gets {"type": "send", "registration_type": "SUCCESS", "registration_data": {…}}.

    1. register() takes the seat, and tell() sends the news. What connects tell() with the consumer?
    2. It is an event on the student's group. Its type, "broadcast.event", names the consumer's method.
    3. async_to_sync(get_channel_layer().group_send)(group_of(student), {"type": "broadcast.event", …}); and in the
       consumer async def broadcast_event(self, event): await self.send_json({"type": "send", …})
    """
    section = office.opens(seats=2)
    student = listen("s1")
    office.registers("s1", section, accepted=True)

    told = student.hears(SUCCESS, section)["registration_data"].get("free", 1)  # which it need not tell
    assert office.free(section) == 1
    assert told == 1, f"One seat of two was taken, but s1 was told that {told} are free."


def test_every_device_is_told(office, listen, redis):
    """Every device of a student is told once, the phone and the laptop, and a device that has left is in no group.

    1. A student may have the page open twice. How many consumers is that? And what takes them out of the group?
    2. A group holds as many channels as you add, and passes each event to all of them. When a consumer ends, the base
       class takes it out of the groups in self.groups.
    3. group_send once for each registration; self.groups.append(group_of(student)) next to group_add.
    """
    before = redis.members()
    section, another = office.opens(), office.opens()
    phone, laptop = listen("s1", "phone"), listen("s1", "laptop")
    phone.subscribe()
    office.registers("s1", section, accepted=True)
    office.registers("s1", another, accepted=True)
    last = office.fence("s1")

    for device in (phone, laptop):
        device.hears(SUCCESS, section)
        device.hears(SUCCESS, another)
        device.hears(SUCCESS, last)
        device.leaves()
    office.site.consumers_end()
    left_behind = len(redis.members() - before)
    assert left_behind == 0, "The phone and the laptop have left, but are still in a group on Redis."


def test_a_full_section_is_a_failure(office, listen):
    """A student who gets no seat gets "FAILURE" and the reason: {"section": …, "reason": …} in the registration_data.

    1. take_seat() raises Refused, with the reason as its text. What catches it?
    2. views.py catches it and answers 409. Before that, register() has the chance to send the news.
    3. except Refused as refusal: tell(student, "FAILURE", {**data_of(section), "reason": str(refusal)}); raise
    """
    section = office.opens(seats=1)
    office.registers("s2", section, accepted=True)
    student = listen("s1")
    office.registers("s1", section, accepted=False)

    student.hears(FAILURE, section)
    assert office.free(section) == 0


def test_others_hear_nothing(office, listen, connect_as, redis):
    """A student hears of their own registrations and of nobody else's, not even of those for the same section.

    1. What is the name of the group that you send to? What is another student's group called? Who else is in yours?
    2. Use one group for each student, whatever characters the student's key contains. Keep nothing that belongs to
       one connection on the class, where the next connection would find it.
    3. return f"student-{student.pk}"; one group_send, to group_of(student); and no groups = [] on the class.
    """
    section = office.opens(seats=2)
    first, second = listen("s1"), listen("zoë@tea.example")
    newcomer = Listener(connect_as("s2"), "s2")
    office.registers("s1", section, accepted=True)
    office.registers("zoë@tea.example", section, accepted=True)
    office.registers("s3", section, accepted=False)

    comes_true(lambda: not redis.undelivered(), 3)
    for _ in range(FENCES):
        newcomer.is_refused('{"command": "fence"}')
    assert not newcomer.outcomes, "s2 has not subscribed to anything, but has heard of another student."
    for student in (first, second):
        student.hears(SUCCESS, section)
        student.hears_no_more(office)


def test_unsubscribe_works(office, listen, connect_as):
    """A client is told of a student's registrations from "subscribe" to "unsubscribe", not before and not after.

    1. Where does a consumer join the group, and where does it leave it? There is also an opposite of group_add.
    2. Join where you handle "subscribe", and nowhere else. Where you handle "unsubscribe", await
       self.channel_layer.group_discard(group, self.channel_name).
    3. elif command == "unsubscribe": group_discard, then answer {"type": command, "message": f"Unsubscribed from {key}
       events."}
    """
    early, first, missed, last = (office.opens() for _ in range(4))
    laptop = listen("s1", "laptop")
    student = Listener(connect_as("s1", "phone"), "s1")
    office.registers("s1", early, accepted=True)
    student.subscribe()
    assert not student.outcomes, "The phone had not subscribed yet, but was told of a registration."
    office.registers("s1", first, accepted=True)
    student.hears(SUCCESS, first)
    student.unsubscribe()
    student.unsubscribe()  # there is nothing left to leave
    office.registers("s1", missed, accepted=True)
    student.subscribe()
    assert not student.outcomes, "The phone had unsubscribed, but was told of a registration."
    office.registers("s1", last, accepted=True)

    student.hears(SUCCESS, last)
    for section in (early, first, missed, last):
        laptop.hears(SUCCESS, section)


def test_anything_else_is_an_error(office, listen):
    """Anything that is not a command is answered with {"error": why}, and the connection stays open.

    1. The command may be unknown, the student may be missing, and the frame may not be JSON at all.
    2. content.get(…) does not raise, once you know that content is a dictionary.
    3. else: await self.send_json({"error": …})
    """
    frames = [
        {"command": "dance", "student": "s1"},
        {"command": None, "student": "s1"},
        {"command": "", "student": "s1"},
        {"command": 0, "student": "s1"},
        {"command": "SUBSCRIBE", "student": "s1"},
        {"command": " subscribe", "student": "s1"},
        {"command": {"subscribe": "s1"}, "student": "s1"},
        {"command": ["subscribe"], "student": "s1"},
        {"command": "broadcast.event", "student": "s1"},
        {"type": "broadcast.event", "registration_type": SUCCESS, "registration_data": {}},
        {"student": "s1"},
        {"command": "subscribe"},
        {"command": "unsubscribe"},
        {"command": "subscribe", "student": None},
        {"command": "subscribe", "student": 0},
        {"command": "subscribe", "student": 1},
        {"command": "subscribe", "student": True},
        {"command": "subscribe", "student": ["s1"]},
        {"command": "subscribe", "student": {"student": "s1"}},
        {"command": "subscribe", "student": "nobody at all"},
        {"command": "subscribe", "student": HALF_AN_EMOJI},
        {"command": HALF_AN_EMOJI, "student": "s1"},
    ]
    student = listen("s1")
    for frame in chain(map(json.dumps, frames), [*NO_OBJECTS, b"\xff\x00"]):
        student.is_refused(frame)

    office.registers("s1", section := office.opens(), accepted=True)
    student.hears(SUCCESS, section)


def test_what_is_rolled_back_is_not_told(office, listen):
    """A section and its lab: both seats or neither, whichever of them is full, and then only a FAILURE is sent.

    1. The first seat is taken, but the second one is not available. What happens to the first?
    2. An exception that leaves a `with transaction.atomic():` block undoes what was done in it. But it can't undo a
       message that you have sent.
    3. In the block: both take_seat(), then transaction.on_commit(partial(tell, student, "SUCCESS", data_of(section))).
       Around the block: try … except Refused.
    """
    lab = office.opens(seats=1)
    lecture = office.opens(seats=5, lab=lab)
    first, second = listen("s1"), listen("s2")
    office.registers("s1", lecture, accepted=True)
    first.hears(SUCCESS, lecture)
    first.hears_no_more(office)  # two seats are one registration
    office.registers("s2", lecture, accepted=False)
    second.hears(FAILURE, lecture)
    assert office.free(lab) == 0
    assert office.free(lecture) == 4, "s2 got no seat in the lab, but has kept the one in the lecture."

    lab = office.opens(seats=5)
    lecture = office.opens(seats=1, lab=lab)
    office.registers("s1", lecture, accepted=True)
    office.registers("s2", lecture, accepted=False)
    second.hears(FAILURE, lecture)
    assert office.free(lecture) == 0
    assert office.free(lab) == 4, "s2 got no seat in the lecture, but has kept the one in the lab."
    second.hears_no_more(office)


def test_the_push_waits_for_the_commit(office, listen, database, redis):
    """The SUCCESS is sent only after the seat has been committed to the database.

    1. A client that gets SUCCESS and then looks at the free seats must not see the old number.
    2. Inside transaction.atomic(), no one else sees a change until the block has ended. But group_send does not wait.
    3. transaction.on_commit(partial(tell, student, "SUCCESS", data_of(section)))
    """
    section = office.opens()
    student = listen("s1")
    with ThreadPoolExecutor(1) as pool, database.commits_wait():
        registering = pool.submit(office.registers, "s1", section, accepted=True)
        is_open = database.saw_a_commit_wait(registering.done, 10)
        comes_true(lambda: not redis.undelivered(), 3)
        for _ in range(FENCES):
            student.is_refused('{"command": "fence"}')
        early = student.outcomes if is_open else []
        assert not early, "s1 was told of a seat that was not in the database yet."

    registering.result()
    student.hears(SUCCESS, section)


def test_twenty_want_the_last_three_seats(office, listen, database, second_site):
    """Of twenty students who post at once to two processes, three get the last three seats, and all are told the truth.

    1. Between the look at the free seats and the new row, there is enough time for nineteen others to look.
    2. A transaction alone does not help, because both may look before either writes. Lock the section's row before
       you look, so that one waits for the other.
    3. with transaction.atomic(): section = Section.objects.select_for_update().get(pk=section.pk), and only then count.
    """
    office.registers(CROWD[0], calm := office.opens(seats=1), accepted=True)
    office.registers(CROWD[1], calm, accepted=False)  # one after another, all is well

    section = office.opens(seats=LAST_SEATS)
    listeners = {student: listen(student) for student in CROWD[::4]}
    with ThreadPoolExecutor(len(CROWD)) as pool, database.writers_wait():
        sites = cycle([office.site, second_site])
        posts = {student: pool.submit(office.posts, student, section, next(sites)) for student in CROWD}
        for site in (office.site, second_site):
            site.get(f"/sections/{section}/")  # by now some have looked, if looking is all they do
    answers = {student: post.result().status for student, post in posts.items()}
    broken = sorted({status for status in answers.values() if status >= 500})
    assert not broken, f"A registration was answered with HTTP {broken[0]}."

    winners = {student for student, status in answers.items() if status < 300}
    assert len(winners) >= LAST_SEATS, f"{LAST_SEATS} seats, but only {len(winners)} of {len(CROWD)} students got one."
    assert len(winners) == LAST_SEATS, f"{LAST_SEATS} seats, but {len(winners)} students were told that they have one."
    assert office.free(section) == 0
    for student, listener in listeners.items():
        listener.hears(SUCCESS if student in winners else FAILURE, section)
        listener.hears_no_more(office)


def test_a_student_has_one_seat(office, listen, database, second_site):
    """Two posts get a student only one seat. The second is refused with a FAILURE, even at the same moment.

    1. A double click is two requests, perhaps to two server processes.
    2. It is the same gap, and needs the same lock: the second request has to see the first one's row.
    3. select_for_update() before you test whether the student already has a seat.
    """
    section = office.opens(seats=5)
    student = listen("s1")
    with ThreadPoolExecutor(2) as pool, database.writers_wait():
        posts = [pool.submit(office.posts, "s1", section, site) for site in (office.site, second_site)]
        for site in (office.site, second_site):
            site.get(f"/sections/{section}/")
    first, second = sorted(post.result().status for post in posts)
    assert first < 300, f"Neither was accepted: HTTP {first} and {second}."
    assert 400 <= second < 500, f"One post was answered with HTTP {first}, and the other with {second}."

    assert office.free(section) == 4
    told = sorted(student.hears_an_outcome()["registration_type"] for _ in range(2))
    assert told == [FAILURE, SUCCESS]


def test_nobody_listens_to_another(office, connect, connect_as, listen, visit, logged_in):
    """Anyone not logged in as this student gets {"error": why}, hears nothing, and changes nothing.

    1. A student's key is not a secret. Whose events does the consumer send, and to whom?
    2. AuthMiddlewareStack in config/asgi.py puts the user into scope["user"], from the session cookie.
    3. user = self.scope["user"]; user.is_authenticated and user.get_username() == key
    """
    headers = logged_in(visit("s1")).headers
    assert connect.refused(PATH, origin="https://evil.example", headers=headers) == 403
    strangers = [Listener(connect(PATH, name="a visitor"), ""), Listener(connect_as("s2"), "s2")]
    for stranger in strangers:
        for key in ("s1", "", None, "S1", "s1 ", "s", "s10", "%", "*", "AnonymousUser"):
            stranger.is_refused(json.dumps({"command": "subscribe", "student": key}))
    student = listen("s1")
    for stranger in strangers:
        stranger.is_refused(json.dumps({"command": "unsubscribe", "student": "s1"}))
    office.registers("s1", section := office.opens(), accepted=True)
    student.hears(SUCCESS, section)

    for stranger in strangers:
        stranger.is_refused('{"command": "fence"}')
        stranger.is_refused('{"command": "fence"}')
        assert stranger.outcomes == [], "A stranger has heard of the registration of s1."


def test_the_page_tells_each_student(office, open_page, visit, logged_in):
    """Two students with two windows each see their own result, and not the other's.

    1. The page is provided, and shows what your server sends. What does its console say (F12)?
    2. The page subscribes when its socket is open, and shows each frame with its registration_type.
    3. Everything that it needs is in the earlier checks.
    """
    section = office.opens(seats=1)
    windows = {name: open_page("/", name=name, cookies=logged_in(visit(name)).cookies) for name in ("s1", "s2")}
    for page in windows.values():
        page.waits_for_attribute("#events li", "data-type", "subscribe")

    windows["s1"].click(f"[data-section={section}] button")
    windows["s1"].waits_for_count("#events [data-type=SUCCESS]", 1)
    windows["s2"].click(f"[data-section={section}] button")
    windows["s2"].waits_for_count("#events [data-type=FAILURE]", 1)
    assert windows["s1"].count("#events li") == 2
    assert windows["s2"].count("#events li") == 2


class Listener:
    """A client of ws/events/ who keeps the outcomes that it hears."""

    def __init__(self, client, student):
        self.outcomes = []
        self._client = client
        self._student = student

    def says(self, content):
        self._client.send_json(content)

    def subscribe(self):
        """Subscribe to one's own events, and wait for the answer."""
        self.asks_for("subscribe")
        self.is_answered("subscribe")

    def unsubscribe(self):
        """End the subscription, and wait for the answer."""
        self.asks_for("unsubscribe")
        self.is_answered("unsubscribe")

    def asks_for(self, command):
        """Send a command for one's own events, and do not wait for the answer."""
        self.says({"command": command, "student": self._student})

    def is_answered(self, command):
        """Wait for the answer to a command."""
        answer = self.hears_of(command)  # which may say more
        assert answer.get("message") == ANSWERS[command].format(self._student)

    def has_an_answer_to(self, command):
        """Tell whether the answer to a command is there by now; the server may have said something else before."""
        while self._client.has_unread():
            if self._next().get("type") == command:
                return True
        return False

    def leaves(self):
        """Close the connection."""
        self._client.close()

    def is_refused(self, frame):
        """Send something, and be told that it is refused."""
        self._client.send(frame)
        for _ in range(MOST_FRAMES):
            heard = self._next()
            if heard.get("error"):
                return
            if heard.get("type") in ("subscribe", "unsubscribe"):
                raise Unmet(f"{self._client.name} sent {show(frame)}.", expected="an error", got=json.dumps(heard))
        raise Unmet(f"{self._client.name} sent {show(frame)} and heard {MOST_FRAMES} frames, but no error.")

    def hears_of(self, kind):
        """Return the next frame of a type."""
        for _ in range(MOST_FRAMES):
            heard = self._next()
            if heard.get("type") == kind:
                return heard
            if "error" in heard:
                raise Unmet(f"{self._client.name} was refused.", expected=kind, got=json.dumps(heard))
        raise Unmet(f"{self._client.name} heard {MOST_FRAMES} frames, but none of the type {kind}.")

    def hears_an_outcome(self):
        """Return the next outcome of a registration."""
        while not self.outcomes:
            self._next()
        return self.outcomes.pop(0)

    def hears(self, registration_type, section):
        """Return the next outcome, which must be this one."""
        outcome = self.hears_an_outcome()
        heard = (outcome["registration_type"], key_of(outcome))
        told = f"{self._client.name} was told {heard[0]} for {heard[1]}, not {registration_type} for {section}."
        assert heard == (registration_type, section), told
        return outcome

    def hears_no_more(self, office):
        """Prove that the next outcome is the one of a registration that is made now."""
        fence = office.fence(self._student)
        outcome = self.hears_an_outcome()
        more = key_of(outcome) != fence
        assert not more, (
            f"{self._client.name} was told once more: {outcome['registration_type']} for {key_of(outcome)}."
        )

    def _next(self):
        heard = self._client.receive_json()
        if not isinstance(heard, dict):
            raise Unmet(f"{self._client.name} heard something that is not an object.", got=json.dumps(heard))
        if heard.get("type") == "send":
            self._keep(heard)
        return heard

    def _keep(self, outcome):
        shape = '{"type": "send", "registration_type": …, "registration_data": {"section": …}}'
        if outcome.get("registration_type") not in (SUCCESS, FAILURE) or key_of(outcome) is None:
            raise Unmet(
                f"{self._client.name} heard something that is not an outcome.", expected=shape, got=json.dumps(outcome)
            )
        assert outcome["registration_type"] == SUCCESS or reason_of(outcome), "The FAILURE contains no reason."
        self.outcomes.append(outcome)


def key_of(outcome):
    """Return the key of the section that an outcome is about, None where it names none."""
    data = outcome.get("registration_data")
    return data.get("section") if isinstance(data, dict) else None


def reason_of(outcome):
    """Return why a registration failed."""
    return outcome["registration_data"].get("reason") or outcome.get("reason")
