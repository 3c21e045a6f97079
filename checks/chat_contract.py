"""What lessons 09 and 10 both ask of a chat: the scenarios, each told by a check in either lesson.

A room is `ws/chat/<room_name>/`, a message is `{"message": text}` both ways. A chat may say more than that: a greeting,
"ana has joined", more keys in a message. So nothing here looks at the next frame alone; it reads on until a fence, a
message that its sender sent last, and looks at what came before.
"""

import json
from urllib.parse import quote

from course.errors import Unmet
from course.testbed.deadlines import deadline_s
from course.testbed.sockets import Refused

MOST_FRAMES = 1000
SERVER_ERROR = 1011


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
    with connect(room, name="ana") as ana, connect(room, name="ben", site=second_site) as ben:
        hear_once([ana, ben], ana, fresh)
        hear_once([ana, ben], ben, fresh)


def a_client_cannot_pick_the_handler(connect, fresh, word):
    """Send a frame whose `type` names another handler; it may be taken as a message, or be refused, and no more."""
    room = path_of(fresh.word())
    with connect(room, name="ana") as ana, connect(room, name="ben") as ben:
        hear_once([ana, ben], ana, fresh)
        forged = {"type": word, "code": 4321, "message": fresh.text()}
        ana.send_json(forged)
        fence = say(ana, fresh.text())

        for member in (ben, ana):
            heard = messages_until(member, fence)
            assert heard.count(forged["message"]) <= 1, f"{member.name} heard a forged message more than once."


def bad_messages_are_answered(connect, fresh, frames):
    room = path_of(fresh.word())
    with connect(room, name="ana") as ana, connect(room, name="ben") as ben:
        for frame in frames:
            ana.send(frame)
            fence = say(ana, fresh.text())

            errors = [reply["error"] for reply in replies_until(ana, fence) if "error" in reply]
            assert errors, "ana was not told that this is no message."
            assert [reply for reply in replies_until(ben, fence) if "error" in reply] == []


def the_layer_never_chokes(connect, fresh, messages):
    """Send messages that JSON can say and a channel layer can't carry: delivered or refused, nobody is cut off."""
    room = path_of(fresh.word())
    with connect(room, name="ana") as ana, connect(room, name="ben") as ben:
        for message in messages:
            ana.send_json({"message": message})
            fence = say(ana, fresh.text())

            delivered = message in messages_until(ana, fence)
            refused = not delivered
            assert delivered or refused
            messages_until(ben, fence)


def who_left_is_in_no_group(connect, fresh, site, redis):
    room = path_of(fresh.word())
    before = redis.members()
    with connect(room, name="ana") as ana, connect(room, name="ben") as ben, connect(room, name="cleo") as cleo:
        hear_once([ana, ben, cleo], ana, fresh)
        ana.close()
        ben.close(None)
        cleo.close(1001)

    site.consumers_end()
    left_behind = len(redis.members() - before)
    assert left_behind == 0, f"All 3 have left, and {left_behind} of them are still in a group on Redis."


def room_works_or_is_refused(connect, fresh, site, room_name):
    members = [enter(connect, room_name, name, fresh) for name in ("ana", "ben")]
    if None not in members:
        hear_once(members, members[0], fresh)
    crash = next((error for error in site.errors if "No route found for path" not in error), "")
    assert not crash, f"The room {room_name!r} made the consumer fail: {crash.splitlines()[-1]}"


def rooms_are_apart(connect, fresh, one, other):
    ana, ben = enter(connect, one, "ana", fresh), enter(connect, other, "ben", fresh)
    if ana and ben:
        secret = say(ana, fresh.text())
        messages_until(ana, secret)

        heard = messages_until(ben, say(ben, fresh.text()))
        assert secret not in heard, f"What was said in the room {one!r} was heard in the room {other!r}."


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
    with connect(room, name="ana") as ana, connect(room, name="ben") as ben:
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


def enter(connect, room_name, name, fresh):
    """Return a member of the room, or None where it is refused: at the door, or with a close code after it."""
    try:
        member = connect(path_of(room_name), name=name)
    except Refused:
        return None
    try:
        fence = say(member, fresh.text())
        messages_until(member, fence)
    except Unmet:
        if not member.is_closed or member.close_code == SERVER_ERROR:
            raise
        return None
    return member
