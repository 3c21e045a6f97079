"""What lessons 09 and 10 both ask of a chat: the scenarios, each told by a check in either lesson.

A room is `ws/chat/<room_name>/`, a message is `{"message": text}` both ways. A chat may say more than that: a greeting,
"ana has joined", more keys in a message. So nothing here looks at the next frame alone; it reads on until a fence, a
message that its sender sent last, and looks at what came before.
"""

import time
from urllib.parse import quote

from course.errors import Unmet
from course.testbed.clients.transcript import show
from course.testbed.clients.websocket_client import REPLY_UNITS, Closed
from course.testbed.deadlines import deadline_s

MOST_FRAMES = 1000
BROKEN = (1006, 1011)  # the connection was dropped; the consumer raised an exception
LOG, INPUT = "#chat-log", "#chat-message-input"


def everyone_hears_it_once(connect, fresh):
    room = fresh.word()
    with join(connect, room, "ana", fresh) as ana, join(connect, room, "ben", fresh) as ben:
        with join(connect, room, "cleo", fresh) as cleo:
            hear_once([ana, ben, cleo], ana, fresh)
            hear_once([ana, ben, cleo], cleo, fresh)


def another_room_hears_nothing(connect, fresh):
    tea, coffee = fresh.word(), fresh.word()
    with join(connect, tea, "ana", fresh) as ana, join(connect, tea, "ben", fresh) as ben:
        with join(connect, coffee, "cleo", fresh) as cleo:
            secret = hear_once([ana, ben], ana, fresh)

            heard = messages_until(cleo, say(cleo, fresh.text()))
            assert secret not in heard, "What ana said in one room was heard in another."


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


def bad_messages_are_answered(connect, fresh, frames):
    room = fresh.word()
    with join(connect, room, "ana", fresh) as ana, join(connect, room, "ben", fresh) as ben:
        hear_once([ana, ben], ana, fresh)
        for frame in frames:
            ana.send(frame)
            fence = say(ana, fresh.text())

            answers = [reply for reply in replies_until(ana, fence) if "error" in reply]
            assert answers, f"ana sent {show(frame)}, and was not told that it is no message."
            overheard = [reply for reply in replies_until(ben, fence) if "error" in reply]
            assert not overheard, "ben was told of an error that ana made."


def nothing_chokes_the_layer(connect, fresh, messages):
    """Send messages that JSON can say and a channel layer can't carry: they come back or are refused."""
    room = fresh.word()
    with join(connect, room, "ana", fresh) as ana, join(connect, room, "ben", fresh) as ben:
        hear_once([ana, ben], ana, fresh)
        for message in messages:
            ana.send_json({"message": message})
            fence = say(ana, fresh.text())

            answers = [r for r in replies_until(ana, fence) if "error" in r or r.get("message") == message]
            assert answers, f"ana sent {show(message)}; it did not come back, and nobody told her why."
            replies_until(ben, fence)


def who_left_is_in_no_group(connect, fresh, site, redis):
    room = fresh.word()
    before = redis.members()
    with join(connect, room, "ana", fresh) as ana, join(connect, room, "ben", fresh) as ben:
        with join(connect, room, "cleo", fresh) as cleo:
            hear_once([ana, ben, cleo], ana, fresh)
            ana.close()
            ben.close(None)
            cleo.close(1001)

    try:
        site.consumers_end()
    except Unmet:
        pass  # one lingers, but it may have left its group
    left_behind = len(redis.members() - before)
    assert left_behind == 0, f"All 3 have left, and {left_behind} of them are still in a group on Redis."


def every_room_works_or_is_refused(connect, fresh, site, room_names):
    """Two members meet in each room; a refusal is fine, a consumer that fails is not."""
    meet(connect, fresh.word(), fresh)
    for room_name in room_names:
        try:
            meet(connect, room_name, fresh)
        except Closed as end:
            if end.code in BROKEN:
                raise
        site.settle()
        crash = crash_of(site)
        assert not crash, f"The room {show(room_name)} makes the consumer fail: {crash}"


def rooms_are_apart(connect, fresh, room_names):
    """Say something in each room that lets anybody in; it is heard there, and nowhere else."""
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
    with redis.gone():
        get_some_answer(connect, room, fresh)
        assert site.responds(), "The server answers nothing any more."

    await_open_door(connect, room)
    meet(connect, room, fresh)


def an_idle_member_still_hears(connect, fresh, idle_s):
    room = fresh.word()
    with join(connect, room, "ana", fresh) as ana, join(connect, room, "silent ben", fresh) as ben:
        hear_once([ana, ben], ana, fresh)
        ben.stays_open(idle_s)

        with join(connect, room, "cleo", fresh) as cleo:
            hear_once([cleo, ben, ana], cleo, fresh)


def redis_keeps_one_waiting_alone(connect, fresh, redis):
    """Let Redis be slow to answer ana; what ben asks needs no Redis, so he is answered meanwhile."""
    room = fresh.word()
    with join(connect, room, "ana", fresh) as ana, join(connect, room, "ben", fresh) as ben:
        with redis.stalled():
            text = say(ana, fresh.text())
            for _ in range(3):  # by the second time, the server is at ana's message
                await_attention(ben, fresh.text())

        assert messages_until(ana, say(ana, fresh.text())).count(text) == 1, "ana's message was lost."


def a_burst_holds_nobody_up(connect, fresh):
    """Measure ben's round trips alone, then while ana sends twenty messages in another room."""
    tea, coffee = fresh.word(), fresh.word()
    with join(connect, tea, "ben", fresh) as ben, join(connect, coffee, "ana", fresh) as ana:
        alone_s = seconds_for_three(ben, fresh)
        for _ in range(20):
            say(ana, fresh.text())
        together_s = seconds_for_three(ben, fresh)

    limit_s = 1.5 * alone_s + deadline_s(0.5)
    said = f"Three messages of ben take {alone_s:.1f} s, and {together_s:.1f} s while ana sends in another room."
    assert together_s < limit_s, said


def many_members_hear_all_in_order(connect, fresh, members, messages):
    guests = connect.many(path_of(fresh.word()), members)
    for guest in guests:
        messages_until(guest, say(guest, fresh.text()))
    for speaker in (guests[0], guests[-1]):
        texts = [say(speaker, fresh.text()) for _ in range(messages)]
        fence = say(speaker, fresh.text())
        for guest in guests:
            heard = [message for message in messages_until(guest, fence) if message in texts]
            assert heard == texts


def windows_talk(open_page, fresh):
    tea, coffee = fresh.word(), fresh.word()
    cleo = open_room(open_page, coffee, "cleo", fresh)
    ben = open_room(open_page, tea, "ben", fresh)
    ana = open_room(open_page, tea, "ana", fresh)

    for window in (ana, ben):
        said = write(window, fresh.text())
        ana.waits_for_log(LOG, said)
        ben.waits_for_log(LOG, said)
    cleo.waits_for_log(LOG, write(cleo, fresh.text()))
    assert said not in cleo.text(LOG)


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


def messages_until(member, fence):
    """Return the messages that a member hears before the fence."""
    return [reply["message"] for reply in replies_until(member, fence) if "message" in reply]


def replies_until(member, fence):
    """Return all that a member hears before the message `fence`."""
    heard = []
    while len(heard) < MOST_FRAMES:
        reply = member.receive_json()
        if not isinstance(reply, dict):
            raise Unmet(f"{member.name} heard something that is no object.", expected='{"message": …}', got=str(reply))
        if reply.get("message") == fence:
            return heard
        heard.append(reply)
    raise Unmet(f"{member.name} heard {MOST_FRAMES} frames, and not the message that was sent last.")


def await_attention(ben, no_message):
    """Let ben send what is no message, and prove that the server looks at it."""
    try:
        ben.send(no_message)
        while "error" not in str(ben.receive_json()):
            pass  # a greeting, or that somebody has joined
    except Closed:
        pass  # a rude answer, but an answer
    except Unmet as silence:
        said = "Redis is slow to answer ana, and meanwhile the server does nothing for ben."
        raise Unmet(said, expected=f"an error for {show(no_message)}", got=silence.got) from None


def seconds_for_three(member, fresh):
    began = time.monotonic()
    for _ in range(3):
        messages_until(member, say(member, fresh.text()))
    return time.monotonic() - began


def crash_of(site):
    """Return the first error in the log that is not the routing's own way to refuse, as one line."""
    crash = next((error for error in site.errors if "No route found for path" not in error), "")
    return crash.strip().rpartition("\n")[2]


def get_some_answer(connect, room_name, fresh):
    """Prove that a newcomer is not left hanging: refused, closed, or answered."""
    cleo = connect.ask(path_of(room_name), name="cleo")
    try:
        if cleo:
            say(cleo, fresh.text())
            cleo.receive()
    except Closed:
        pass  # told at once, which is what a page can show


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
