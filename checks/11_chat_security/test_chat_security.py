"""Who may come in: logged-in members of a room, from our own pages, and within limits.

The project knows ana, ben, cleo and <b>dan</b>, all with one password. The room `tea` has ana, ben and dan for members,
`garden` has ben and cleo. A limit may count per connection or per person: nobody speaks ten times in a second, over
the checks, before they flood.
"""

import json
import re
import time

import chat_contract as chat
import pytest
from chat_members import DAN, GARDEN, TEA, hear, is_in, plain, who_said

from course.errors import Unmet
from course.testbed.deadlines import comes_true, deadline_s

MOST_CHARACTERS = 2000
QUIET_S = 1.1  # after which no earlier message counts any more
MOST_MESSAGES = 10
PAGE_UNITS = 3.0
STATUS, LINES = "#status", f"{chat.LOG} > *"
AS_WITH_DAPHNE = "Object.defineProperty(CloseEvent.prototype, 'wasClean', {get: () => false});"
TEXTS_IN = """
const walker = document.createTreeWalker(document.querySelector(arguments[0]), NodeFilter.SHOW_TEXT);
const texts = [];
while (walker.nextNode()) texts.push(walker.currentNode.data);
return texts;
"""
SIGHT_MESSAGES, SIGHT_TEXTS = 3, 60  # so many messages of so many texts each: more than a window shows
MEMBERS = """
from django.apps import apps
from django.contrib.auth import get_user_model
User = get_user_model()
ana, cleo = User.objects.get(username="ana"), User.objects.get(username="cleo")
User.objects.filter(pk=cleo.pk).update(is_staff=what == "let ana in", is_superuser=what == "let ana in")
for model in apps.get_models(include_auto_created=True):
    links = [field for field in model._meta.fields if field.remote_field and field.related_model is not model]
    to_user = [field.name for field in links if field.related_model is User]
    if model._meta.app_label in ("auth", "admin") or len(to_user) != 1 or len(links) < 2:
        continue
    for row in model._default_manager.filter(**{to_user[0]: cleo}):
        others = {field.name: getattr(row, field.name) for field in links if field.name not in to_user}
        if what == "let ana in":
            row.pk = None
            setattr(row, to_user[0], ana)
            row.save(force_insert=True)
        else:
            model._default_manager.filter(**{to_user[0]: ana}, **others).delete()
"""


@pytest.fixture
def open_tea(quiet, open_page, member):
    """Open the page of the room `tea` for somebody who has logged in."""

    def open_tea(name):
        page = open_page("/chat/tea/", name=plain(name), cookies=member(name).cookies)
        page.waits_for_socket(TEA)
        return page

    return open_tea


def test_a_foreign_page_is_refused(connect, headers_of):
    """A WebSocket from a page of another site, or from no page, is refused with 403, even if a user is logged in.

    1. A browser lets every page open a WebSocket to your site, and for some of them it sends ana's cookies along. One
       header tells the pages apart.
    2. AllowedHostsOriginValidator compares the Origin with ALLOWED_HOSTS. Put it around everything else.
    3. "websocket": AllowedHostsOriginValidator(…)  (from channels.security.websocket), in config/asgi.py.
    """
    foreign = ["https://evil.example", "http://127.0.0.1.evil.example", "http://evil-127.0.0.1", "null", None]
    for origin in foreign:
        assert connect.refused(TEA, origin=origin, headers=headers_of("ana")) == 403
    assert connect.refused(TEA, origin=foreign[0]) == 403


def test_who_is_not_logged_in_is_closed_with_4401(connect, log_in):
    """Anyone who is not logged in is accepted first and closed with 4401 at once.

    1. A WebSocket begins with an HTTP request, so the session cookie comes with it. What turns it into a user?
    2. AuthMiddlewareStack around the URLRouter sets self.scope["user"], to an AnonymousUser if nobody is logged in.
    3. In connect: if not self.scope["user"].is_authenticated: await self.accept(), await self.close(4401), and no
       more. Before accept, the code would never reach the browser.
    """
    ana = log_in("ana")
    ana.submit("/accounts/logout/", {}, page="/chat/")
    strangers = {
        "a visitor": {},
        "a forger": {"Cookie": "sessionid=abcdefghijklmnopqrstuvwxyz012345"},
        "ana, logged out": ana.headers,
    }
    for name, headers in strangers.items():
        assert connect(TEA, name=name, headers=headers).close_code == 4401


def test_who_is_no_member_is_closed_with_4403(enter, fresh):
    """Anyone who is logged in but not a member of the room is closed with 4403, even if there is no such room.

    1. The view of the page checks whether a user is a member. But a client can open the WebSocket without the page.
    2. Room.objects.filter(name=…, members=user) finds the room or nothing. In a coroutine, use await and aexists().
    3. if not await Room.objects.filter(name=room_name, members=user).aexists(): accept, then close with 4403.
    """
    for name, room in {"cleo": "tea", "ana": "garden", "ben": fresh.word(), DAN: "te"}.items():
        assert enter(chat.path_of(room), name).close_code == 4403
    assert enter(chat.path_of("Tea"), "ana").close_code == 4403


def test_membership_is_asked_for_each_time(enter, manage):
    """A new member can come in at once, and a former member is closed with 4403 at the next connection.

    1. A user is taken out of a room, reloads the page, and is in. What still remembers that they were a member?
    2. A value in the module lives as long as the server. The database knows what is true now.
    3. Ask the database in every connect. Keep the answer in no set, no dictionary and no lru_cache.
    """
    assert enter(GARDEN, "ana").close_code == 4403
    try:
        set_member(manage, "let ana in")
        with enter(GARDEN, "ana") as ana:
            is_in(ana)
        with enter(TEA, "cleo") as cleo:
            kept_out = "cleo is a superuser, but not a member of tea. That is closed with 4403."
            assert cleo.close_code == 4403, kept_out
    finally:
        set_member(manage, "take ana out")
    try:
        code = enter(GARDEN, "ana").close_code
    except Unmet as stays:
        told = "ana is no longer a member of the garden, but still comes in."
        raise Unmet(told, expected="close code 4403", got=stays.got) from None
    assert code == 4403


@pytest.mark.given
def test_members_hear_each_other(enter, fresh):
    """Members of a room can come in, and they hear each message once.

    1. Your new code keeps some clients out. Make sure that it lets the others in.
    2. The ORM waits for the database, and a coroutine must not block. Await the methods that begin with an a.
    3. await Room.objects.filter(…).aexists(), and connect goes on to group_add and accept.
    """
    with enter(TEA, "ana") as ana, enter(TEA, "ben") as ben:
        is_in(ana)
        chat.hear_once([ana, ben], ben, fresh)


@pytest.mark.given
def test_no_question_blocks_the_server(source):
    """No setting lets a coroutine wait for the database without await.

    1. Django refuses a plain exists() or get() in a coroutine, because the whole server would wait for the database.
    2. DJANGO_ALLOW_ASYNC_UNSAFE removes that protection, but the server still waits.
    3. Remove it, and use await with the methods that begin with an a: aexists(), aget().
    """
    allowed = source.files_with("DJANGO_ALLOW_ASYNC_UNSAFE")
    assert not allowed, f"{allowed[0]} sets DJANGO_ALLOW_ASYNC_UNSAFE."


def test_a_message_says_who_sent_it(enter, fresh):
    """Each message carries the name of its sender, as {"user": …, "message": …}.

    1. The sender's consumer knows the user. The others learn it only through the channel layer.
    2. Put the name into the event of group_send, and pass both on in chat_message. A name is a string. The layer
       can't carry a user object.
    3. {"type": "chat.message", "user": self.scope["user"].username, "message": message}
    """
    with enter(TEA, "ana") as ana, enter(TEA, "ben") as ben:
        is_in(ben)
        for sender in (ana, ben):
            text = chat.say(sender, f"  {fresh.text()} {' '.join(chat.PLAIN)}  ")
            for member in (ana, ben):
                assert who_said(member, text) == sender.name


def test_a_sender_cannot_be_forged(enter, fresh):
    """A client that names another sender or another type still speaks in its own name.

    1. The client wrote everything in the frame. How much of it do you use?
    2. The user is in self.scope, which the client can't change. Take the message from the frame, and nothing else.
    3. Build a new event, key by key, without {**content} and without content.get("user").
    """
    with enter(TEA, "ana") as ana, enter(TEA, "ben") as ben:
        is_in(ben)
        text = fresh.text()
        forged = dict.fromkeys(("user", "username", "name", "from", "sender", "author"), "ben") | {
            "type": "chat.message"
        }
        ana.send_json({**forged, "message": text})
        assert who_said(ben, text) == "ana"

        ana.send_json({**forged, "type": "websocket.disconnect", "code": 4000, "message": fresh.text()})
        text = chat.say(ana, fresh.text())
        assert who_said(ben, text) == "ana"


@pytest.mark.given
def test_a_message_stays_in_its_room(enter, fresh):
    """A client that names another room still speaks in its own.

    1. Where does your consumer take the group from when it sends?
    2. Only connect has checked the membership, and only for the room in the path.
    3. self.group_name, set once in connect.
    """
    with enter(TEA, "ana") as ana, enter(GARDEN, "ben") as ben:
        is_in(ben)
        elsewhere = {"room": "garden", "room_name": "garden", "group": "chat_garden", "group_name": "chat_garden"}
        ana.send_json({**elsewhere, "message": (secret := fresh.text())})
        heard_in_tea = chat.messages_until(ana, chat.say(ana, fresh.text()))
        heard_in_garden = chat.messages_until(ben, chat.say(ben, fresh.text()))
        assert secret not in heard_in_garden, "What ana said in the room tea was heard in the room garden."
        assert secret in heard_in_tea, "What ana said in the room tea was not heard there."


def test_a_stranger_cannot_shout_into_a_room(enter, headers_of, send_early, site, redis, fresh):
    """Nobody in the room hears what a stranger sends without waiting for the close.

    1. close() only sends a message to the client. A client that does not wait for it has already sent its frames, and
       Channels calls receive for each of them.
    2. The consumer has to end right there. You know the exception that ends a consumer.
    3. In connect, after await self.close(4403): raise StopConsumer()  (from channels.exceptions).
    """
    with enter(TEA, "ana") as ana:
        is_in(ana)
        members = redis.members()
        secrets = [fresh.text(), fresh.text()]
        for stranger, secret in zip((headers_of("cleo"), {}), secrets, strict=True):
            send_early(TEA, [json.dumps({"message": secret})] * 3, name="a stranger", headers=stranger)
        site.only_runs(1)  # ana's own: all that strangers have sent is dealt with

        heard = chat.messages_until(ana, chat.say(ana, fresh.text()))
        assert not set(secrets) & set(heard), "A stranger's words were heard in the room."
        assert redis.members() <= members, "A stranger was refused, but is in a group on Redis all the same."


def test_a_long_message_is_refused(enter, fresh):
    """A message of 2,000 characters goes out. A longer one gets an {"error": …}, and the others do not hear it.

    1. Unless you set a limit, a message may have a million characters, and every member's browser has to show them.
    2. Count the characters of the message itself, not of the JSON around it, and make sure that it is a string.
    3. if len(message) > 2000: await self.reply({"error": "…"}), and return before group_send.
    """
    with enter(TEA, "ana") as ana, enter(TEA, "ben") as ben:
        is_in(ana)
        longest = f"{fresh.text()} ".ljust(MOST_CHARACTERS - 100, "ü").ljust(MOST_CHARACTERS, "🫖")
        chat.say(ben, longest)
        assert outcome(ben, [longest]) == [longest], "A message of 2,000 characters was refused."

        chat.say(ben, longest + " ")
        ben.send_json({"message": [longest + "!"]})
        fence = chat.say(ben, fresh.text())
        told = sum(bool(reply.get("error")) for reply in chat.replies_until(ben, fence))
        assert told == 2, f"ben sent two messages that are too long, one of them in a list, but got {told} errors."
        heard = chat.messages_until(ana, fence)
        assert heard.count(longest) == 1, "ana did not hear the message of 2,000 characters exactly once."
        too_long = [message for message in heard if len(str(message)) > MOST_CHARACTERS]
        assert not too_long, "ana heard a message of more than 2,000 characters."


def test_a_flood_is_refused(enter, fresh):
    """Of forty messages sent at once, those beyond ten in a second get an {"error": …} and are not passed on.

    1. Each member gets each message. One client that floods a room of a hundred causes a hundred times the work.
    2. Remember on self when the last ten messages arrived, in a collections.deque(maxlen=10).
    3. If it is full and its first time is less than a second ago, reply with an error and return before group_send.
       Otherwise append time.monotonic().
    """
    with enter(GARDEN, "cleo") as cleo, enter(GARDEN, "ben") as ben:
        is_in(ben)
        floods = [Flood(cleo, fresh, 40)]
        if floods[0].went_out > MOST_MESSAGES:  # a slow server, or a clock of whole seconds, has begun anew on the way
            cleo.stays_open(2.02 - time.time() % 1)  # so once more, from the beginning of a second
            floods.append(Flood(cleo, fresh, MOST_MESSAGES + 2))
        last = floods[-1]

        assert last.went_out >= MOST_MESSAGES, f"Of {last}. Ten are allowed."
        assert last.went_out <= last.most, f"Of {last}. Ten in a second are allowed."
        assert last.went_out < last.sent, f"Of {last}. None was refused."

        fence = chat.say(ben, fresh.text())
        heard = [hear(ben)]
        while heard[-1].get("message") != fence:
            assert not heard[-1].get("error"), "cleo flooded the room, but ben was told to be slower."
            heard.append(hear(ben))
        for flood in floods:
            assert [reply["message"] for reply in heard if reply.get("message") in flood.texts] == flood.sent_on


def test_ten_are_the_limit_in_any_second(enter, fresh):
    """The limit is ten messages in any second, whether or not it begins with a full second of the clock.

    1. When does your consumer reset its count? How many messages went out in the second before that moment?
    2. A counter that is reset at each second lets ten messages through right before and ten right after. Keep the
       times of the last ten messages instead. Each of them ages on its own.
    3. now - self.times[0] < 1, where self.times is a deque(maxlen=10) of times that you never empty.
    """
    with enter(TEA, "ana") as ana, enter(TEA, DAN) as dan:
        is_in(ana)
        is_in(dan)
        for _ in range(3):  # if a slow server takes more than a second, that proves nothing, and we try again
            talks = [AroundTheTurn(ana, fresh, time.monotonic), AroundTheTurn(dan, fresh, time.time)]
            for at_s, send in sorted((part for talk in talks for part in talk.parts), key=lambda part: part[0]):
                ana.stays_open(max(0, at_s - time.monotonic()))
                send()
            ends = [(talk.member.name, *talk.end()) for talk in talks]
            for name, went_out, took_s, was_early in ends:
                told = f"{went_out} messages of {name} were sent on within {took_s:.2f} s. Ten are allowed."
                assert took_s >= 1 or went_out <= MOST_MESSAGES, told
                assert not was_early, f"{name} had sent nine messages within a second, but the tenth was refused."
            if all(took_s < 1 for _, _, took_s, _ in ends):
                break


@pytest.mark.given
def test_a_second_later_one_may_write_again(enter, fresh):
    """Ten messages at once all go out, and a second later, the next one does too.

    1. The limit is ten in a second, not ten in total, and the tenth is still allowed.
    2. Compare with the time of the message ten messages ago, not with a number that only grows.
    3. now - self.times[0] < 1 means too fast. The deque drops older times automatically.
    """
    texts = [fresh.text() for _ in range(MOST_MESSAGES)]
    with enter(TEA, DAN) as dan:
        dan.stays_open(QUIET_S)  # what he said in an earlier check may count, too
        for text in texts:
            chat.say(dan, text)
        assert outcome(dan, texts) == texts, "Of ten messages at once, not all were sent on."

        dan.stays_open(1.1)
        chat.say(dan, later := fresh.text())
        assert outcome(dan, [later]) == [later], "A second later, the next message is still refused."


@pytest.mark.given
def test_what_is_no_text_is_refused(enter, fresh):
    """A message that is a number, a list or nothing at all is refused with an error, and the connection stays open.

    1. The limits expect a string. What do they do with a message that is a number, or a frame that is not a message?
    2. JSON may contain 7, [] or null where you expect a string. Test the type first, and only then the length.
    3. if not isinstance(content.get("message"), str): raise ValueError(…), before the first len().
    """
    with enter(TEA, DAN) as dan:
        dan.stays_open(QUIET_S)
        is_in(dan)
        no_texts = [json.dumps({"message": message}) for message in (7, [fresh.text()], None)]
        frames = [*no_texts, fresh.bytes(), fresh.text(), "[]", "[" * 100_000]  # less than ten, should these count too
        for frame in frames:
            dan.send(frame)
        fence = chat.say(dan, fresh.text())
        told = sum(bool(reply.get("error")) for reply in chat.replies_until(dan, fence))
        assert told == len(frames), f"dan sent {len(frames)} frames without text, but got {told} errors."


@pytest.mark.given
def test_a_second_tab_is_one_more_member(connect, quiet, headers_of, enter, site, redis, fresh):
    """A second tab of the same person also hears each message once, and closing it does not affect the first.

    1. ana's two tabs are two connections of one user. What do you store under the user's name?
    2. Each connection has its own channel name. A group holds channel names, whoever they belong to.
    3. group_add(self.group_name, self.channel_name) in connect, group_discard with the same two in disconnect.
    """
    with enter(TEA, "ana") as ana, enter(TEA, "ben") as ben:
        is_in(ana)
        is_in(ben)
        members = redis.members()
        with connect(TEA, name="ana's second tab", headers=headers_of("ana")) as tab:
            is_in(tab)
            chat.hear_once([ana, tab, ben], tab, fresh)
        quiet_but_two = chat.say(ben, fresh.text())
        chat.messages_until(ana, quiet_but_two)
        chat.hear_once([ana, ben], ana, fresh)
        site.only_runs(2)
        assert redis.members() <= members, "ana has closed her second tab, but it is still in a group on Redis."


def test_the_page_says_who_speaks(open_tea, fresh):
    """In the browser, the log shows each message once, with its sender.

    1. The page comes from lesson 08 and knows nothing about users yet. What does it do with an error?
    2. room.js finds the name in data.user, and a refusal in data.error.
    3. line.textContent = "error" in data ? `Not sent: ${data.error}` : `${data.user}: ${data.message}`;
    """
    ana, ben = open_tea("ana"), open_tea("ben")
    said = []
    for window in (ben, ana, ben):  # the last one is a fence
        said.append(chat.write(window, fresh.text()))
        ana.waits_for_log(chat.LOG, said[-1])
        ben.waits_for_log(chat.LOG, said[-1])
    for window, other in ((ben, "ana"), (ana, "ben")):
        log = window.text(chat.LOG)
        assert re.search(rf"\b{other}\b", log), "The log shows the message, but not who sent it."
        assert [log.count(text) for text in said[:2]] == [1, 1], f"{window.name}'s log shows a message twice."
        longer = [text for text in said if adds_a_letter(window, text)]
        assert not longer, f"{window.name}'s log shows {longer[0]!r} with one more letter."
        window.waits_for_value(chat.INPUT, "")

    shows_why_it_was_refused(ana, fresh)
    shows_the_newest(ana, open_tea(DAN), fresh)
    assert ana.errors == []


def test_markup_in_names_and_messages_is_shown_as_text(open_tea, fresh):
    """Markup in a message and in a sender's name is shown as text, and none of it runs.

    1. One of the users calls himself <b>dan</b>. What does the log show?
    2. innerHTML reads a string as HTML. That is as dangerous for the name as for the message. In an attribute, such
       as the href of a link, a quotation mark is enough.
    3. Use one textContent for both, or one element with its own textContent for each.
    """
    dan = open_tea(DAN)
    word = fresh.word()
    traps = [
        f"<img src=x onerror=alert(1)> {fresh.text()}",
        f"https://example.com/{word}\"onmouseover=\"alert(2)\"'onmouseover='alert(3)'",
        f"&lt;i&gt;{word}&lt;/i&gt;",
    ]
    for trap in traps:
        chat.write(dan, trap)
        dan.waits_for_log(chat.LOG, trap)
    assert DAN in dan.text(chat.LOG), "The log does not show the name <b>dan</b> as it is written."
    assert dan.count("#chat-log img") == 0
    assert dan.count("#chat-log [onmouseover]") == 0, "A quote in an address became an attribute of the page."
    assert dan.dialogs == []


def test_the_page_tells_why_it_is_closed(open_page, open_tea, member, fresh):
    """The page says in words what 4401 and 4403 mean, with different words for each.

    1. "closed (4403)" tells users nothing. What should they do: log in, or ask to become a member?
    2. The close event has the code. Look it up in an object whose keys are the two codes.
    3. const REASONS = {4401: "…", 4403: "…"}, and status.textContent = REASONS[event.code] ?? `closed (${event.code})`.
    """
    ana = open_page("/chat/tea/", name="ana", cookies=member("ana").cookies, hold_sockets=True)
    tells_when_it_is_open(ana)
    not_logged_in = told_at_close(ana, 4401)
    ana.reload()
    ana.waits_for_socket(TEA)
    no_member = told_at_close(ana, 4403)
    assert not_logged_in != no_member, f"The page says the same for both, except for the number: {no_member}"
    ana.reload()
    ana.waits_for_socket(TEA)
    before = words_of(ana)
    unknown = told_at_close(ana, 4000, must=False)
    says_so = not before or words_of(ana) not in ("", before, "undefined", "null")
    assert says_so, f'The connection has ended with 4000, but #status says "{words_of(ana)}".'
    for code, told in {4401: not_logged_in, 4403: no_member}.items():
        assert told != unknown, f"For {code}, the page says no more than for any other code: {told}"

    chat.write(ana, text := fresh.text())
    ana.settle()
    is_kept = ana.value(chat.INPUT) == text or comes_true(lambda: text in ana.text(chat.LOG), PAGE_UNITS)
    assert is_kept, "The connection has ended, and text written after that is lost: it does not stay in the field."


def set_member(manage, what):
    """Make ana a member of cleo's room, or take her out of it, in whatever table the project keeps its members.

    In between, cleo is a superuser, which makes her a member of no more rooms.
    """
    with manage("shell", "--verbosity", "0", "-c", f"what = {what!r}{MEMBERS}") as command:
        code = command.wait(deadline_s(20))
        assert code == 0, f"The check could not {what}: {command.says[-300:]}"


class Flood:
    """Messages that a member sends at once, and what became of them."""

    def __init__(self, member, fresh, sent):
        """Send so many, and wait until each has come back or was refused."""
        self.sent = sent
        self.texts = [fresh.text() for _ in range(sent)]
        began = time.monotonic()
        for text in self.texts:
            chat.say(member, text)
        self.sent_on = outcome(member, self.texts)
        self.took_s = time.monotonic() - began
        self.went_out = len(self.sent_on)
        seconds = int(self.took_s + 0.05)  # that are over
        self.most = MOST_MESSAGES * (seconds + 1)

    def __str__(self):
        return f"{self.sent} messages in {self.took_s:.1f} s, {self.went_out} were sent on"


class AroundTheTurn:
    """One message, then nine right before a clock's second is over and the first is one second old, then ten after it.

    `parts` are what is to be sent, each with its time on the monotonic clock.
    """

    def __init__(self, member, fresh, clock):
        """Begin soon: shortly after the next second of this clock."""
        self.member = member
        self._texts = [fresh.text() for _ in range(20)]
        begins_s = time.monotonic() + 1.05 - clock() % 1
        self.parts = [(begins_s, self._one), (begins_s + 0.8, self._nine), (begins_s + 1.15, self._ten)]

    def _one(self):
        chat.say(self.member, self._texts[0])
        outcome(self.member, self._texts[:1])
        self._first_s = time.monotonic()  # by now the server has counted it

    def _nine(self):
        self._began_s = time.monotonic()
        for text in self._texts[1:10]:
            chat.say(self.member, text)

    def _ten(self):
        self._last_s = time.monotonic()
        for text in self._texts[10:]:
            chat.say(self.member, text)

    def end(self):
        """Return how many of the last nineteen were sent on, within how many seconds at most, and what was too early.

        Too early is a limit that counts the first message though it is surely a second old: none of the ten went out.
        """
        sent_on = outcome(self.member, self._texts[1:])
        took_s = time.monotonic() - self._began_s
        first_is_old = self._last_s - self._first_s > 1
        return len(sent_on), took_s, first_is_old and not set(sent_on) & set(self._texts[10:])


def told_at_close(page, code, must=True):
    """Close the page's WebSocket as Daphne does; return what the page says now and did not before, without numbers."""
    before = page.text("body")
    page.selenium.execute_script(AS_WITH_DAPHNE)
    page.say_goodbye(code)
    said = comes_true(lambda: page.text("body") != before, PAGE_UNITS)
    assert said or not must, f"The connection was closed with {code}, but the page says nothing about it."
    new = set(page.text("body").splitlines()) - set(before.splitlines())
    assert new or not must, f"The connection was closed with {code}, but the page does not say so in words."
    return re.sub(r"[0-9]+", "…", " ".join(sorted(new)))


def tells_when_it_is_open(page):
    """Let the page's WebSocket open; what #status has said up to then, where there is one, gives way to other words."""
    page.waits_for_count(chat.INPUT, 1)
    before = words_of(page)
    page.release_sockets()
    page.waits_for_socket(TEA)
    changes = not before or comes_true(lambda: words_of(page) not in ("", before), PAGE_UNITS)
    assert changes, f'The connection is open, but #status says "{words_of(page)}".'


def words_of(page):
    return page.text(STATUS) if page.count(STATUS) else ""


def adds_a_letter(page, text):
    """Tell whether a text stands in the log with a letter right behind it, in one piece."""
    pieces = page.selenium.execute_script(TEXTS_IN, chat.LOG)
    return any(re.search(rf"{re.escape(text)}[^\W\d_]", piece) for piece in pieces)


def shows_why_it_was_refused(page, fresh):
    """Write what is too long; where the log gets a line for the error that comes back, it says what the server says."""
    frames, lines = len(page.sockets[-1].received), page.count(LINES)
    chat.write(page, fresh.text().ljust(MOST_CHARACTERS + 1, "!"))
    comes_true(lambda: len(page.sockets[-1].received) > frames, PAGE_UNITS)
    answers = [json.loads(frame) for frame in page.sockets[-1].received[frames:]]
    added = []
    for _ in range(2):  # with the first message comes the error's line
        chat.write(page, fence := fresh.text())
        page.waits_for_log(chat.LOG, fence)
        added.append(page.count(LINES) - lines - sum(added))
    log = page.text(chat.LOG)
    assert "undefined" not in log, "The log shows an error as if someone had said it."
    untold = [reply["error"] for reply in answers if "error" in reply and reply["error"] not in log]
    assert added[0] == added[1] or not untold, f"The log has a line for an error, but it does not say {untold[0]!r}."


def shows_the_newest(page, talker, fresh):
    """Fill the log, and see the newest message in it; what is a field of text one scrolls oneself.

    Somebody else writes: a limit may count a person's messages over all their connections.
    """
    if page.count(f"textarea{chat.LOG}"):
        return
    for _ in range(SIGHT_MESSAGES):
        chat.write(talker, long := " ".join(fresh.text() for _ in range(SIGHT_TEXTS)))
        page.waits_for_log(chat.LOG, long)
    chat.write(talker, text := fresh.text())
    page.waits_for_log(chat.LOG, text)
    page.waits_for_sight(chat.LOG, text)


def outcome(member, texts):
    """Wait until each of the member's own messages has come back or was refused; return those that came back."""
    came_back, refused = [], 0
    while len(came_back) + refused < len(texts):
        reply = hear(member)
        if "error" in reply:
            assert reply["error"], f"A message from {member.name} was refused, but the error does not say why."
            refused += 1
        elif reply.get("message") in texts:
            came_back.append(reply["message"])
    return came_back
