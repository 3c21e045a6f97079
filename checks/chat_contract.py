"""What lessons 09 and 10 both ask of a chat: the scenarios, each told by a check in either lesson.

A room is `ws/chat/<room_name>/`, a message is `{"message": text}` both ways. A chat may say more than that: a greeting,
"ana has joined", more keys in a message. So nothing here looks at the next frame alone; it reads on until a fence, a
message that its sender sent last, and looks at what came before.
"""

import time
from urllib.parse import quote

from course.errors import Unmet
from course.testbed.deadlines import deadline_s
from course.testbed.sockets import REPLY_UNITS, Closed
from course.testbed.transcript import show

MOST_FRAMES = 1000
BROKEN = (1006, 1011)  # the connection was dropped; the consumer raised an exception


def path_of(room_name):
    return f"/ws/chat/{quote(room_name, safe='')}/"


def everyone_hears_it_once(connect, fresh):
    room = path_of(fresh.word())
    with connect(room, name="ana") as ana, connect(room, name="ben") as ben, connect(room, name="cleo") as cleo:
        hear_once([ana, ben, cleo], ana, fresh)
        hear_once([ana, ben, cleo], cleo, fresh)


def another_room_hears_nothing(connect, fresh):
    tea, coffee = path_of(fresh.word()), path_of(fresh.word())
    with connect(tea, name="ana") as ana, connect(tea, name="ben") as ben, connect(coffee, name="cleo") as cleo:
        secret = hear_once([ana, ben], ana, fresh)

        heard = messages_until(cleo, say(cleo, fresh.text()))
        assert secret not in heard, "What ana said in one room was heard in another."


def two_processes_share_a_room(connect, fresh, second_site):
    room = path_of(fresh.word())
    with connect(room, name="ana") as ana, connect(room, name="ben in process 2", site=second_site) as ben:
        hear_once([ana, ben], ana, fresh)
        hear_once([ana, ben], ben, fresh)


def a_client_cannot_pick_the_handler(connect, fresh):
    """Send frames whose `type` names a handler; each may be taken as a message or be refused, and no more."""
    room = path_of(fresh.word())
    with connect(room, name="ana") as ana, connect(room, name="ben") as ben:
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
    room = path_of(fresh.word())
    with connect(room, name="ana") as ana, connect(room, name="ben") as ben:
        for frame in frames:
            ana.send(frame)
            fence = say(ana, fresh.text())

            answers = [reply for reply in replies_until(ana, fence) if "error" in reply]
            assert answers, f"ana sent {show(frame)}, and was not told that it is no message."
            overheard = [reply for reply in replies_until(ben, fence) if "error" in reply]
            assert not overheard, "ben was told of an error that ana made."


def nothing_chokes_the_layer(connect, fresh, messages):
    """Send messages that JSON can say and a channel layer can't carry: they come back or are refused."""
    room = path_of(fresh.word())
    with connect(room, name="ana") as ana, connect(room, name="ben") as ben:
        for message in messages:
            ana.send_json({"message": message})
            fence = say(ana, fresh.text())

            answers = [r for r in replies_until(ana, fence) if "error" in r or r.get("message") == message]
            assert answers, f"ana sent {show(message)}; it did not come back, and nobody told her why."
            replies_until(ben, fence)


def who_left_is_in_no_group(connect, fresh, site, redis):
    room = path_of(fresh.word())
    before = redis.members()
    with connect(room, name="ana") as ana, connect(room, name="ben") as ben, connect(room, name="cleo") as cleo:
        hear_once([ana, ben, cleo], ana, fresh)
        ana.close()
        ben.close(None)
        cleo.close(1001)

    try:
        site.consumers_end()
    except Unmet:
        pass  # it lingers, but it may have left its group
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
    members = [(name, member) for name in room_names if (member := try_to_enter(connect, name, fresh))]
    said = [(name, say(member, fresh.text())) for name, member in members]
    for (here, member), (_, own) in zip(members, said, strict=True):
        heard = messages_until(member, own) + messages_until(member, say(member, fresh.text()))
        strange = [f"What was said in the room {show(name)}" for name, text in said if text in heard]
        assert not strange, f"{strange[0]} was heard in the room {show(here)}."


def redis_may_go_and_come_back(connect, fresh, site, redis):
    room = path_of(fresh.word())
    with connect(room, name="ana") as ana, connect(room, name="ben") as ben:
        hear_once([ana, ben], ana, fresh)
    with redis.gone():
        get_some_answer(connect, room, fresh)
        assert site.responds(), "The server answers nothing any more."

    with knock(connect, room, name="dan") as dan, knock(connect, room, name="eva") as eva:
        hear_once([dan, eva], dan, fresh)


def an_idle_member_still_hears(connect, fresh, idle_s):
    room = path_of(fresh.word())
    with connect(room, name="ana") as ana, connect(room, name="silent ben") as ben:
        hear_once([ana, ben], ana, fresh)
        ben.stays_open(idle_s)

        with connect(room, name="cleo") as cleo:
            hear_once([cleo, ben, ana], cleo, fresh)


def windows_talk(open_page, fresh):
    tea, coffee = (f"/chat/{fresh.word()}/" for _ in range(2))
    ana, ben, cleo = open_page(tea, name="ana"), open_page(tea, name="ben"), open_page(coffee, name="cleo")
    from_ana, from_ben, from_cleo = fresh.text(), fresh.text(), fresh.text()

    write(ana, from_ana)
    for window in (ana, ben):
        window.waits_for_log("#chat-log", from_ana)
    write(ben, from_ben)
    for window in (ben, ana):
        window.waits_for_log("#chat-log", from_ben)
    write(cleo, from_cleo)
    cleo.waits_for_log("#chat-log", from_cleo)
    assert from_ana not in cleo.text("#chat-log")


def say(member, text):
    """Send a message and return its text."""
    member.send_json({"message": text})
    return text


def hear_once(members, speaker, fresh):
    """Let one member say something, prove that all hear it exactly once, and return it."""
    text, fence = say(speaker, fresh.text()), say(speaker, fresh.text())
    for member in members:
        times = messages_until(member, fence).count(text)
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


def meet(connect, room_name, fresh):
    """Let two members talk in a room, unless it refuses them."""
    one = connect.ask(path_of(room_name))
    if one:
        with one, connect(path_of(room_name)) as other:
            hear_once([one, other], one, fresh)


def try_to_enter(connect, room_name, fresh):
    """Return a member of the room, or None where nobody is let in, or nobody may stay."""
    member = connect.ask(path_of(room_name))
    try:
        if member:
            messages_until(member, say(member, fresh.text()))
    except Closed:
        return None
    return member


def crash_of(site):
    """Return the first error in the log that is not the routing's own way to refuse, as one line."""
    crash = next((error for error in site.errors if "No route found for path" not in error), "")
    return crash.strip().rpartition("\n")[2]


def get_some_answer(connect, room, fresh):
    """Prove that a newcomer is not left hanging: refused, closed, or answered."""
    cleo = connect.ask(room, name="cleo")
    try:
        if cleo:
            say(cleo, fresh.text())
            cleo.receive()
    except Closed:
        pass  # told at once, which is what a page can show


def knock(connect, room, name):
    """Return a member as soon as the server lets anybody in again."""
    until = time.monotonic() + deadline_s(REPLY_UNITS)
    while time.monotonic() < until:
        if member := connect.ask(room, name=name):
            return member
    return connect(room, name=name)


def write(window, text):
    window.type("#chat-message-input", text)
    window.press("Enter", "#chat-message-input")
