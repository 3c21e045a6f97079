"""What lessons 09 and 10 both ask of a chat: the scenarios, each told by a check in either lesson.

A room is `ws/chat/<room_name>/`, a message is `{"message": text}` both ways. A chat may say more than that: a greeting,
"ana has joined", more keys in a message. So nothing here looks at the next frame alone; it reads on until a fence, a
message that its sender sent last, and looks at what came before.
"""

import json
import time
from urllib.parse import quote

from edges import TEXTS

from course.errors import Unmet
from course.testbed.clients.transcript import show
from course.testbed.clients.websocket_client import REPLY_UNITS, Closed
from course.testbed.deadlines import deadline_s

MOST_FRAMES = 1000
MOST_CROWDS = 3
HOUR_S = 3600
BROKEN = (1006, 1011)  # the connection was dropped; the consumer raised an exception
LOG, INPUT = "#chat-log", "#chat-message-input"
PLAIN = [text for text in TEXTS if text.isprintable()]  # what no chat has a reason to refuse


def everyone_hears_it_once(connect, fresh):
    room = fresh.word()
    with join(connect, room, "ana", fresh) as ana, join(connect, room, "ben", fresh) as ben:
        earlier = hear_once([ana, ben], ana, fresh)
        with join(connect, room, "cleo", fresh) as cleo:
            fence = say(cleo, fresh.text())
            for member in (ana, ben):
                heard = messages_until(member, fence)
                assert earlier not in heard, f"cleo came in, and {member.name} heard an earlier message again."
            messages_until(cleo, fence)
            hear_once([ana, ben, cleo], ana, fresh)
            hear_once([ana, ben, cleo], cleo, fresh)


def each_message_comes_as_it_was_said(connect, fresh, bursts=1):
    """Say what real people write, one text twice, and then a lot at once; all comes whole, as often, in its order.

    Messages that can overtake each other keep their order once in a while: of six bursts, one.
    """
    room, twice = fresh.word(), fresh.text()
    texts = [fresh.text(), *PLAIN, twice, twice]
    with join(connect, room, "ana", fresh) as ana, join(connect, room, "ben", fresh) as ben:
        for text in texts:
            say(ana, text)
        fence = say(ana, fresh.text())
        for member in (ana, ben):
            need_all_in_order(member, ana, messages_until(member, fence), texts)

        say(ben, twice)
        fence = say(ben, fresh.text())
        for member in (ana, ben):
            need_all_in_order(member, ben, messages_until(member, fence), [twice])

        for _ in range(bursts):
            hear_burst([ana, ben], ana, fresh, messages=60)


def another_room_hears_nothing(connect, fresh):
    tea, coffee = fresh.word(), fresh.word()
    with join(connect, tea, "ana", fresh) as ana, join(connect, tea, "ben", fresh) as ben:
        with join(connect, coffee, "cleo", fresh) as cleo:
            secret = hear_once([ana, ben], ana, fresh)
            heard = messages_until(cleo, own := say(cleo, fresh.text()))
            assert secret not in heard, "What ana said in one room was heard in another."

            elsewhere = dict.fromkeys(("room", "room_name", "roomName", "group", "group_name"), coffee)
            ana.send_json({**elsewhere, "message": (secret := fresh.text())})
            heard_in_tea = messages_until(ana, say(ana, fresh.text()))
            heard = messages_until(cleo, say(cleo, fresh.text()))
            assert secret not in heard, "ana's frame named another room, and was heard there."
            assert own not in heard_in_tea, "What cleo said in one room was heard in another."

    guests = connect.many([path_of(fresh.word()) for _ in range(8)])
    said = [say(guest, fresh.text()) for guest in guests]
    for guest, text in zip(guests, said, strict=True):
        try:
            strange = set(messages_until(guest, text)) & set(said)
        except Unmet as silence:
            told = f"Eight came in at once, each into a different room. {guest.name} does not hear its own room."
            raise Unmet(told, expected=show(text), got=silence.got) from None
        assert not strange, (
            f"Eight came in at once, each into a different room. {guest.name} heard what another one said."
        )


def two_processes_share_a_room(connect, fresh, second_site):
    room = fresh.word()
    with join(connect, room, "ana", fresh) as ana:
        with join(connect, room, "ben in process 2", fresh, site=second_site) as ben:
            hear_once([ana, ben], ana, fresh)
            hear_once([ana, ben], ben, fresh)


def a_client_cannot_pick_the_handler(connect, fresh):
    """Send frames whose `type` names a handler; each may be taken as a message or be refused, and no more."""
    room = fresh.word()
    with join(connect, room, "ana", fresh) as ana, join(connect, room, "ben", fresh) as ben:
        hear_once([ana, ben], ana, fresh)
        for handler in ("websocket.disconnect", "close", f"{fresh.word()}.message"):
            forged = fresh.text()
            ana.send_json({"type": handler, "message": forged})
            try:
                fence = say(ana, fresh.text())
                times = max(messages_until(member, fence).count(forged) for member in (ben, ana))
            except Unmet as end:
                raise Unmet(f'ana sent a frame of the type "{handler}". After that, {end}', got=end.got) from None
            assert times <= 1, f"A message with a forged type was heard {times} times."


def bad_messages_are_answered(connect, fresh):
    """Send what is no message, one after the other: its sender is told once for each, and nobody else is."""
    room, hidden = fresh.word(), fresh.text()
    not_json, not_objects = [fresh.text(), "[" * 100_000], ["[]", "7", "null", '"message"', '["message"]']
    frames = [*not_json, *not_objects, "{}", fresh.bytes(), json.dumps({"message": hidden}).encode()]
    with join(connect, room, "ana", fresh) as ana, join(connect, room, "ben", fresh) as ben:
        hear_once([ana, ben], ana, fresh)
        for frame in frames:
            ana.send(frame)
            fence = say(ana, fresh.text())

            answers = [reply for reply in replies_until(ana, fence) if reply.get("error")]
            assert answers, f"ana sent {show(frame)}, but was not told that it is not a message."
            assert len(answers) == 1, f"ana sent {show(frame)} once, but got {len(answers)} errors."
            replies = replies_until(ben, fence)
            overheard = [reply for reply in replies if reply.get("error")]
            assert not overheard, "ben was told of an error that ana made."
            heard = [reply for reply in replies if reply.get("message") == hidden]
            assert not heard, "ana sent bytes, and ben heard them as a message."


def nothing_chokes_the_layer(connect, fresh):
    """Send messages that JSON can say and a channel layer may not carry: each comes back or is refused."""
    room = fresh.word()
    odd = [text for text in TEXTS if text not in PLAIN]
    halves = [f"{fresh.word()} \ud83d", f"\udc00 {fresh.word()}"]  # of an emoji
    texts = ["", *odd, *halves, f"{fresh.word()}\n\t\0", fresh.word() * 10_000]
    others = [10**30, 0, None, True, [], {}, nested(600)]
    contents = [{"message": message} for message in [*texts, *others]]
    contents.append({"message": fresh.text(), fresh.word(): 10**30})
    with join(connect, room, "ana", fresh) as ana, join(connect, room, "ben", fresh) as ben:
        hear_once([ana, ben], ana, fresh)
        for content in contents:
            ana.send_json(content)
            fence = say(ana, fresh.text())

            answers = [r for r in replies_until(ana, fence) if r.get("error") or is_answer(r, content)]
            assert answers, f"ana sent {show(json.dumps(content))}. It did not come back, and she got no error."
            replies_until(ben, fence)


def who_left_is_in_no_group(connect, fresh, site, redis):
    """Let four leave, each in another way: none stays in a group, and those who come after them hear each other."""
    room = fresh.word()
    before = redis.members()
    with join(connect, room, "ana", fresh) as ana, join(connect, room, "ben", fresh) as ben:
        with join(connect, room, "cleo", fresh) as cleo, join(connect, room, "dan", fresh) as dan:
            hear_once([ana, ben, cleo, dan], ana, fresh)
            ana.close()
            ben.close(None)
            cleo.close(1001)
            dan.vanish()

    try:
        site.consumers_end()
    except Unmet:
        pass  # one lingers, but it may have left its group
    left_behind = len(redis.members() - before)
    assert left_behind == 0, f"All 4 have left, but {left_behind} of them are still in a group on Redis."

    with join(connect, room, "eva", fresh) as eva, join(connect, room, "finn", fresh) as finn:
        with join(connect, room, "gus", fresh) as gus:
            hear_once([eva, finn, gus], gus, fresh)
        hear_once([eva, finn], eva, fresh)


def every_room_works_or_is_refused(connect, fresh, site):
    """Two members meet in each room; a refusal is fine, a consumer that fails is not."""
    one, other = fresh.word(), fresh.word()
    meet(connect, one, fresh)
    odd = [f"{one}-{other}", f"{one} {other}", f"{one}.{other}", f"{one} é 茶", f"{one}?{other}#1"]
    for room_name in [one * 16, one * 25, *odd]:  # the first are 96 and 150 letters long
        try_to_meet(connect, room_name, fresh)
        site.settle()
        crash = site.crash
        assert not crash, f"The room {show(room_name)} makes the consumer fail: {crash}"

    for length in range(88, 102):  # round about the 99 characters that a group's name may have
        try_to_meet(connect, (one * 20)[:length], fresh)
    site.settle()
    crash = site.crash
    assert not crash, f"A room whose name has between 88 and 101 letters makes the consumer fail: {crash}"


def rooms_are_apart(connect, fresh):
    """Say something in each room that lets anybody in; it is heard there, and nowhere else."""
    one, other = fresh.word(), fresh.word()
    between = [f"{one}{sign}{other}" for sign in ("", "-", "_", ".", " ", ".20")]
    at_the_ends = [f"{one}-", f"-{one}", one, one.upper(), one.title(), f"{one}é", f"{one}e"]
    room_names = [*between, *at_the_ends, one * 20 + "a", one * 20 + "b"]
    meet(connect, fresh.word(), fresh)
    members = [(name, member) for name in room_names if (member := try_to_join(connect, name, fresh))]
    said = [(name, say(member, fresh.text())) for name, member in members]
    for (here, member), (_, own) in zip(members, said, strict=True):
        heard = messages_until(member, own) + messages_until(member, say(member, fresh.text()))
        strange = [f"What was said in the room {show(name)}" for name, text in said if text in heard]
        assert not strange, f"{strange[0]} was heard in the room {show(here)}."


def redis_may_go_and_come_back(connect, fresh, site, redis):
    room = fresh.word()
    meet(connect, room, fresh)
    with join(connect, room, "ana", fresh) as ana, redis.gone():
        get_some_answer(connect, room, fresh)
        get_told(ana, fresh)
        assert site.responds(), "The server no longer answers."

    await_open_door(connect, room)
    meet(connect, room, fresh)


def an_idle_member_still_hears(connect, fresh, redis, idle_s):
    room = fresh.word()
    with join(connect, room, "ana", fresh) as ana, join(connect, room, "silent ben", fresh) as ben:
        hear_once([ana, ben], ana, fresh)
        ben.stays_open(idle_s)

        with join(connect, room, "cleo", fresh) as cleo:
            hear_once([cleo, ben, ana], cleo, fresh)

        redis.age_members(HOUR_S)
        try:
            hear_once([ana, ben], ana, fresh)
        except Unmet as silence:
            later = "ana and ben have been in their room for an hour, and no longer hear what is said there."
            raise Unmet(later, expected="what ana says", got=silence.got) from None


def redis_keeps_one_waiting_alone(connect, fresh, redis):
    """Let Redis be slow to answer ana; what ben asks needs no Redis, so he is answered meanwhile."""
    room = fresh.word()
    with join(connect, room, "ana", fresh) as ana, join(connect, room, "ben", fresh) as ben:
        await_error(
            ben, fresh.text(), "ben sent something that is not a message. Redis is well, but ben gets no error."
        )
        with redis.stalled():
            text = say(ana, fresh.text())
            for _ in range(3):  # by the second time, the server is at ana's message
                slow = "Redis is slow to answer ana, and meanwhile the server does nothing for ben."
                await_error(ben, fresh.text(), slow)

        assert messages_until(ana, say(ana, fresh.text())).count(text) == 1, "ana's message was lost."


def a_crowd_holds_nobody_up(connect, fresh, site, members):
    """Measure up to three crowds: a machine that is busy elsewhere delays one, and a program that waits all of them."""
    for _ in range(MOST_CROWDS):
        held_up = how_a_crowd_holds_up(connect, fresh, site, members)
        if not held_up:
            return
    raise Unmet(held_up)


def how_a_crowd_holds_up(connect, fresh, site, members):
    """Measure ben's round trips alone, then while many come and speak at once, each in a room of their own.

    Return what took too long, or an empty text.
    """
    with join(connect, fresh.word(), "ben", fresh) as ben:
        alone_s = seconds_for_three(ben, fresh)
        began = time.monotonic()
        connect(path_of(fresh.word()), name="ana")
        one_s = time.monotonic() - began
        crowd = connect.many([path_of(fresh.word()) for _ in range(members)])
        all_s = time.monotonic() - began - one_s
        if all_s >= 1.5 * one_s + deadline_s(1):
            return f"One comes in within {one_s:.1f} s, and {members} at once take {all_s:.1f} s."

        for member in 2 * crowd[:8]:
            say(member, fresh.text())
        for member in crowd[:8]:
            member.send(fresh.text())  # no message, which is answered with an error
        began = time.monotonic()
        still = "" if site.responds() else " The whole server stands still."
        in_vain = ben_waits_in_vain(ben, fresh)
        together_s = time.monotonic() - began

    said = f"Three messages of ben take {alone_s:.1f} s alone"
    assert not in_vain, f"{said}. While others speak in other rooms, he waits for one in vain.{still}"
    slow = together_s >= 1.5 * alone_s + deadline_s(1)
    return f"{said}, and {together_s:.1f} s while others speak in other rooms.{still}" if slow else ""


def many_members_hear_all_in_order(connect, fresh, members):
    """Let one of many say ten things at once, then ten of them one thing each: all hear all of it, once."""
    guests = connect.many(path_of(fresh.word()), members)
    for guest in guests:
        messages_until(guest, say(guest, fresh.text()))
    hear_burst(guests, guests[-1], fresh, messages=10)

    speakers = guests[:10]
    said = {say(speaker, fresh.text()): speaker for speaker in speakers}
    fences = [say(speaker, fresh.text()) for speaker in speakers]
    for guest in guests:
        heard = []
        for _ in fences:
            heard += messages_until_any(guest, fences)
        for text, speaker in said.items():
            times = heard.count(text)
            assert times == 1, f"Ten spoke at once. {guest.name} heard what {speaker.name} said {times} times."


def windows_talk(open_page, fresh):
    tea, coffee = fresh.word(), fresh.word()
    cleo = open_room(open_page, coffee, "cleo", fresh)
    ben = open_room(open_page, tea, "ben", fresh)
    ana = open_room(open_page, tea, "ana", fresh)

    said = []
    for window in (ana, ben, ana):  # the last one is a fence
        said.append(write(window, fresh.text()))
        ana.waits_for_log(LOG, said[-1])
        ben.waits_for_log(LOG, said[-1])
    for window in (ana, ben):
        for text in said[:2]:
            times = window.text(LOG).count(text)
            assert times == 1, f"{window.name}'s window shows one message {times} times."
    cleo.waits_for_log(LOG, write(cleo, fresh.text()))
    assert not any(text in cleo.text(LOG) for text in said)


def path_of(room_name):
    return f"/ws/chat/{quote(room_name, safe='')}/"


def join(connect, room_name, name, fresh, **where):
    """Return a member who has heard a message of its own: only then it is known to be in the room."""
    member = connect(path_of(room_name), name=name, **where)
    messages_until(member, say(member, fresh.text()))
    return member


def try_to_join(connect, room_name, fresh):
    """Return a member of the room, or None where nobody is let in, or nobody may stay."""
    member = connect.ask(path_of(room_name))
    try:
        if member:
            messages_until(member, say(member, fresh.text()))
    except Closed:
        return None
    return member


def try_to_meet(connect, room_name, fresh):
    """Let two members talk in a room; it may refuse them, with whatever code but one of a failure."""
    try:
        meet(connect, room_name, fresh)
    except Closed as end:
        if end.code in BROKEN:
            raise


def meet(connect, room_name, fresh):
    """Let two members talk in a room, unless it refuses them."""
    one = connect.ask(path_of(room_name))
    if one:
        messages_until(one, say(one, fresh.text()))
        with one, join(connect, room_name, "", fresh) as other:
            hear_once([one, other], one, fresh)


def say(member, text):
    """Send a message and return its text."""
    member.send_json({"message": text})
    return text


def hear_once(members, speaker, fresh):
    """Let one member say something, prove that all hear it exactly once, and return it.

    The last fence is somebody else's, who says it after the speaker's: so it is behind every copy of the text.
    """
    text, first_fence = say(speaker, fresh.text()), say(speaker, fresh.text())
    other = next(member for member in members if member is not speaker)
    before = {other: messages_until(other, first_fence)}
    fence = say(other, fresh.text())
    for member in members:
        times = (before.get(member, []) + messages_until(member, fence)).count(text)
        assert times == 1, f"{member.name} heard what {speaker.name} said {times} times."
    return text


def hear_burst(members, speaker, fresh, messages):
    """Let one member say many things at once, and prove that all hear each exactly once, in the same order."""
    texts = [say(speaker, fresh.text()) for _ in range(messages)]
    fence = say(speaker, fresh.text())
    for member in members:
        heard = [message for message in messages_until(member, fence) if message in texts]
        assert heard == texts


def need_all_in_order(member, speaker, heard, texts):
    """Prove that a member has heard these texts, each as often as it was said, in their order."""
    for text in texts:
        said, times = texts.count(text), heard.count(text)
        if times == said:
            continue
        instead = [message for message in heard if message not in texts]
        raise Unmet(
            f"{speaker.name} said {show(text)} {said} times. {member.name} heard it {times} times.",
            expected=show(text),
            got=show(str(instead[0])) if instead and not times else f"{times} times",
        )
    assert [message for message in heard if message in texts] == texts


def is_answer(reply, content):
    """Tell whether a reply brings a message back as it was sent."""
    return "message" in reply and reply["message"] == content["message"]


def nested(depth):
    """Return a list in a list in a list."""
    return [nested(depth - 1)] if depth else []


def messages_until_any(member, fences):
    """Return the messages that a member hears before one of the fences."""
    return [reply["message"] for reply in replies_until(member, *fences) if "message" in reply]


def messages_until(member, fence):
    """Return the messages that a member hears before the fence."""
    return [reply["message"] for reply in replies_until(member, fence) if "message" in reply]


def replies_until(member, *fences):
    """Return all that a member hears before one of the messages `fences`."""
    heard = []
    while len(heard) < MOST_FRAMES:
        reply = member.receive_json()
        if not isinstance(reply, dict):
            raise Unmet(
                f"{member.name} heard something that is not an object.", expected='{"message": …}', got=str(reply)
            )
        if reply.get("message") in fences:
            return heard
        heard.append(reply)
    raise Unmet(f"{member.name} heard {MOST_FRAMES} frames, but not the message that was sent last.")


def await_error(ben, no_message, otherwise):
    """Let ben send what is no message, and prove that the server answers; `otherwise` says what it means if not."""
    try:
        ben.send(no_message)
        while "error" not in str(ben.receive_json()):
            pass  # a greeting, or that somebody has joined
    except Closed:
        pass  # a rude answer, but an answer
    except Unmet as silence:
        raise Unmet(otherwise, expected=f"an error for {show(no_message)}", got=silence.got) from None


def ben_waits_in_vain(ben, fresh):
    """Let ben say three things; tell whether one of them does not come back in time."""
    try:
        seconds_for_three(ben, fresh)
    except Closed:
        raise
    except Unmet:
        return True
    return False


def seconds_for_three(member, fresh):
    began = time.monotonic()
    for _ in range(3):
        messages_until(member, say(member, fresh.text()))
    return time.monotonic() - began


def get_some_answer(connect, room_name, fresh):
    """Prove that a newcomer is not left hanging: refused, closed, or answered."""
    cleo = connect.ask(path_of(room_name), name="cleo")
    try:
        if cleo:
            say(cleo, fresh.text())
            cleo.receive()
    except Closed as end:  # told at once, which is what a page can show
        if end.code in BROKEN:
            too_early = "Redis was gone, and cleo was accepted all the same. Then her consumer failed."
            raise Unmet(too_early, expected="a member who is in the group, or a refusal", got=end.got) from None


def get_told(ana, fresh):
    """Prove that a member who speaks while Redis is gone learns of it: by a close or by an error."""
    try:
        say(ana, fresh.text())
        while not ana.receive_json().get("error"):
            pass  # that somebody has left
    except Closed:
        pass
    except Unmet as silence:
        said = "Redis is gone, ana says something in her room, and nobody tells her that it went nowhere."
        raise Unmet(said, expected="a close or an error", got=silence.got) from None


def await_open_door(connect, room_name):
    """Knock until the server lets somebody in again."""
    until = time.monotonic() + deadline_s(REPLY_UNITS)
    while time.monotonic() < until:
        if dan := connect.ask(path_of(room_name), name="dan"):
            dan.close()
            return
    connect(path_of(room_name), name="dan").close()


def open_room(open_page, room_name, name, fresh):
    """Return a window that has seen a message of its own: only then it is known to be in the room."""
    window = open_page(f"/chat/{room_name}/", name=name)
    window.waits_for_socket(f"/ws/chat/{room_name}/")
    window.waits_for_log(LOG, write(window, fresh.text()))
    return window


def write(window, text):
    """Send a message as somebody does who types, and return its text."""
    window.type(INPUT, text)
    window.press("Enter", INPUT)
    return text
