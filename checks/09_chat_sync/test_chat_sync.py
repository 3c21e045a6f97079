"""A chat with rooms: all members of `ws/chat/<room_name>/` hear what one of them says."""

import json

import chat_contract as chat
import pytest


def test_everyone_in_the_room_hears_it_once(connect, fresh):
    """Everyone in a room hears each message once, including the sender.

    1. Each connection has its own consumer. What knows all consumers of a room? config/settings.py names it.
    2. In connect: group_add. In receive: group_send and no self.send, because the sender is in the group too. In
       every consumer, the method named after the event's type receives it.
    3. async_to_sync(self.channel_layer.group_send)(self.group_name, {"type": "chat.message", "message": message}),
       and def chat_message(self, event): self.send(...).
    """
    chat.everyone_hears_it_once(connect, fresh)


def test_each_message_comes_as_it_was_said(connect, fresh):
    """Each message arrives as it was sent, as often as it was sent, and sixty at once arrive in order.

    1. Send the same thing twice, or something with a < in it. What do the others get?
    2. The server passes messages on and changes nothing. The page decides whether a < is markup, and it uses
       textContent.
    3. The message goes from json.loads into the event and from the event into json.dumps: no strip, no escape, no
       lower.
    """
    chat.each_message_comes_as_it_was_said(connect, fresh)


def test_another_room_hears_nothing(connect, fresh):
    """Nobody in one room hears what is said in another.

    1. A group is identified by its name. What is yours made of?
    2. The room's name is in self.scope["url_route"]["kwargs"]["room_name"].
    3. In connect, each consumer makes the group's name from the room's name: self.group_name = …
    """
    chat.another_room_hears_nothing(connect, fresh)


def test_two_processes_share_a_room(connect, fresh, second_site):
    """Members connected to different server processes hear each other.

    1. Look at CHANNEL_LAYERS. Where are the groups: in one process, or in a place that all processes can reach?
    2. InMemoryChannelLayer works only inside one process. RedisChannelLayer keeps groups and messages in Redis.
    3. "BACKEND": "channels_redis.core.RedisChannelLayer", and "hosts" with the address in REDIS_URL.
    """
    chat.two_processes_share_a_room(connect, fresh, second_site)


def test_who_left_is_in_no_group(connect, fresh, site, redis):
    """Beyond the tutorial's tests: a member who has left is no longer in any group.

    1. Redis does not notice that a browser is gone. Which of your methods does?
    2. disconnect(code) is called once at the end, however the connection was lost. Leave there what you joined in
       connect.
    3. async_to_sync(self.channel_layer.group_discard)(self.group_name, self.channel_name) in disconnect.
    """
    chat.who_left_is_in_no_group(connect, fresh, site, redis)


def test_a_client_cannot_pick_the_handler(connect, fresh):
    """Beyond the tutorial's tests: a `type` sent by a client calls no method.

    1. On the channel layer, the type of an event is the name of the method that it calls, in every member.
    2. What decides on that type in your group_send: your code, or the JSON that came in?
    3. Build a new event, {"type": "chat.message", "message": message}, and copy nothing else into it.
    """
    chat.a_client_cannot_pick_the_handler(connect, fresh)


def test_bad_messages_are_answered_with_an_error(connect, fresh):
    """Beyond the tutorial: anything that is not a message gets an error, only its sender gets it, and the room goes on.

    1. You know them from lesson 07: bad JSON, no "message" in it, bytes. Who needs to know?
    2. read_message raises ValueError. Catch it in receive, before anything goes to the group.
    3. self.send(text_data=json.dumps({"error": str(problem)})), then return.
    """
    chat.bad_messages_are_answered(connect, fresh)


def test_nothing_chokes_the_layer(connect, fresh):
    """Beyond the tutorial: a message that the layer can't carry, such as a huge number, cuts nobody off.

    1. Anything you give to group_send is packed for its way through Redis. The packing can represent less than JSON
       can.
    2. The message should be a string. Test with isinstance whether it is one, and whether it can be encoded.
    3. In read_message: if not isinstance(message, str): raise ValueError(…), then message.encode(), which raises
       a ValueError for half an emoji.
    """
    chat.nothing_chokes_the_layer(connect, fresh)


def test_every_room_name_works_or_is_refused(connect, fresh, site):
    """Beyond the tutorial: a room with an odd name works or is refused, and no consumer fails because of it.

    1. Which names does your route accept? Which of these are allowed as the name of a group?
    2. A group's name has at most 99 characters: letters, digits, hyphens, underscores and dots.
    3. "chat_" + hashlib.sha256(room_name.encode()).hexdigest() fits, whatever the room is called.
    """
    chat.every_room_works_or_is_refused(connect, fresh, site)


def test_no_two_rooms_are_mixed_up(connect, fresh):
    """Beyond the tutorial: two rooms with similar names stay two rooms.

    1. The group's name is made from the room's name. Can two rooms get the same group?
    2. If you cut a name or replace its odd characters, the result may be the name of another room.
    3. sha256 gives different results for different names. Cutting and replacing do not.
    """
    chat.rooms_are_apart(connect, fresh)


def test_redis_may_go_and_come_back(connect, fresh, site, redis):
    """Beyond the tutorial: while Redis is gone, nobody is left hanging, and when it is back, rooms work again.

    1. Without Redis, group_add raises an exception. What does your code do with it?
    2. Channels ends the consumer, and the browser learns of it at once. You need not catch anything or try again.
    3. Put no try and no while around group_add, and connect to Redis nowhere else.
    """
    chat.redis_may_go_and_come_back(connect, fresh, site, redis)


def test_two_windows_talk(open_page, fresh):
    """Two browser windows in one room show each other's messages, and a window in another room does not.

    1. The page of lesson 08 already sends and shows messages. Look at its console and at the server's log.
    2. The browser gets {"message": …} as before, but now from everyone in the room.
    3. In chat_message: self.send(text_data=json.dumps({"message": event["message"]})).
    """
    chat.windows_talk(open_page, fresh)


@pytest.mark.slow
def test_an_idle_member_still_hears(connect, fresh, redis):
    """A member who says nothing for 13 seconds still hears the room, and so does a member who came an hour ago.

    1. The layer asks Redis for news and waits up to 5 seconds for an answer. What gives up first?
    2. Look at the other settings in CHANNEL_LAYERS besides the address: socket_timeout and group_expiry.
    3. {"address": REDIS_URL, "socket_timeout": None} in "hosts". Leave group_expiry at one day.
    """
    chat.an_idle_member_still_hears(connect, fresh, redis, idle_s=13)


@pytest.mark.given
@pytest.mark.slow
def test_runserver_starts_daphne(runserver):
    """manage.py runserver, which python3 course run 09 uses, still starts Daphne.

    1. You have edited the settings. Compare INSTALLED_APPS with what was in it.
    2. The app "daphne" brings its own runserver. Django's runserver serves pages, but speaks no WebSocket.
    3. INSTALLED_APPS = ["daphne", "channels", "django.contrib.staticfiles", "chat"]
    """
    said = "manage.py runserver started Django's own server, which speaks no WebSocket."
    assert "ASGI/Daphne" in runserver.banner, said


@pytest.mark.own
def test_the_others_hear_who_is_typing(connect, fresh, site, second_site):
    """{"typing": true} and {"typing": false} reach the others in the room, with a who, and never their sender.

    1. The event goes to the group, and the sender is in the group. Which consumer can tell that the event is its own?
    2. Each consumer gets a copy of the event and decides for itself. So the event has to say where it came from.
    3. Each connection has a `self.channel_name`, and no two have the same one. Put it into an event that has a type of
       its own, and compare it in the method that this type names.
    """
    for process in (site, second_site):  # so that both have had as many visitors: who counts them, counts alike
        process.stop()
        process.start_again()
    with (
        chat.join(connect, room := fresh.word(), "ana", fresh) as ana,
        chat.join(connect, room, "ben", fresh) as ben,
        chat.join(connect, room, "cleo in process 2", fresh, site=second_site) as cleo,
        chat.join(connect, fresh.word(), "dan in another room", fresh) as dan,
    ):
        told = begins_to_type(ana, ben, fresh)
        who_ana = told[0]["who"]
        assert isinstance(who_ana, str), "ben was told that someone is typing, but the who is not a string."
        assert typing_heard(cleo, ben, fresh) == told
        assert typing_heard(ana, ben, fresh) == [], "ana was told that she is typing herself."
        assert typing_heard(dan, dan, fresh) == [], "ana types in one room, and another one was told."

        told = begins_to_type(cleo, ben, fresh)
        assert told[0]["who"] != who_ana, "ana and cleo are typing, and nobody can tell them apart."
        assert typing_heard(ana, ben, fresh) == told

        types(ana, False)
        assert typing_heard(ben, ben, fresh) == [{"typing": False, "who": who_ana}]
        assert typing_heard(ana, ben, fresh) == []


@pytest.mark.own
def test_only_changes_of_typing_are_told(connect, fresh):
    """Only changes of typing are passed on, and any value other than true and false gets an error.

    1. A page may send {"typing": true} at each key. What does your consumer have to know, so that it tells the others
       only once?
    2. Remember on `self` what you sent last, and begin with False. In Python, `1 == True` is true, and so is
       `1 in (True, False)`.
    3. Compare with what you sent last before you send to the group. isinstance(…, bool) is true for true and false, and
       false for 1 and 0. If the object has a "message", it is a message, whatever other keys it has.
    """
    room = fresh.word()
    with chat.join(connect, room, "ana", fresh) as ana, chat.join(connect, room, "ben", fresh) as ben:
        for wrong in (1, 0, "true", "", None, [], {"typing": True}):
            frame = json.dumps({"typing": wrong})
            chat.await_error(ana, frame, f"ana sent {frame}, but was not told that it is wrong.")
            assert typing_heard(ben, ben, fresh) == [], f"ana sent {frame}, and ben was told that she is typing."

        for values, told in (([False], []), ([True, True, True], [True]), ([False, False], [False]), ([True], [True])):
            for value in values:
                types(ana, value)
            heard = [one["typing"] for one in typing_heard(ben, ben, fresh)]
            assert heard == told, f"ana's typing was {json.dumps(values)}, and ben was told {json.dumps(heard)}."

    room = fresh.word()  # in the other one, ana's end may be told still
    with chat.join(connect, room, "cleo", fresh) as cleo, chat.join(connect, room, "dan", fresh) as dan:
        cleo.send_json({"typing": True, "message": (text := fresh.text())})
        fence = chat.say(cleo, fresh.text())
        heard = chat.replies_until(dan, fence)
        assert [reply["message"] for reply in heard if "message" in reply] == [text]
        assert [reply for reply in heard if "typing" in reply] == []

        with chat.join(connect, room, "eva", fresh) as eva:
            types(cleo, True)
            types(dan, True)
            told = [one["typing"] for one in typing_heard(eva, eva, fresh)]
            assert told == [True, True], "cleo and dan are typing, and eva was not told so of each of them once."


@pytest.mark.own
def test_typing_ends_with_message_and_connection(connect, fresh, site):
    """Someone who was typing and sends a message, or leaves, has stopped typing, and the others are told once.

    1. A page may be closed in the middle of a sentence. What tells the others then?
    2. Three things end the typing: {"typing": false}, a message, and the end of the connection. One method can serve
       all three, if it does nothing when the client was not typing.
    3. `disconnect` is called however the client leaves, so send the event there too. A frame that is answered with an
       error does not end the typing.
    """
    room = fresh.word()
    with chat.join(connect, room, "ana", fresh) as ana, chat.join(connect, room, "ben", fresh) as ben:
        for ending in ("message", "typing"):
            begins_to_type(ana, ben, fresh)
            ana.send_json({ending: fresh.text() if ending == "message" else False})
            chat.say(ana, fresh.text())
            settle(ana)
            told = json.dumps([one["typing"] for one in typing_heard(ben, ben, fresh)])
            assert told == "[false]", f"ana was typing, then came a {ending}. ben was told {told}, not [false]."

        for leave in (lambda member: member.close(), lambda member: member.close(None), lambda member: member.vanish()):
            with chat.join(connect, room, "cleo", fresh) as cleo, chat.join(connect, room, "dan", fresh) as dan:
                begins_to_type(cleo, ben, fresh)
                hear_out((cleo, dan), ben, fresh)
                leave(dan)
                assert site.only_runs(3), "dan has left, and his consumer goes on."
                hear_out((cleo,), ben, fresh)
                leave(cleo)
                assert site.only_runs(2), "cleo has left, and her consumer goes on."
                told = json.dumps([one["typing"] for one in typing_heard(ben, ben, fresh)])
                assert told == "[false]", f"dan left, and then cleo while typing. ben was told {told}, not [false]."


def hear_out(members, speaker, fresh):
    """Let members hear all that is on its way: Daphne tells one that leaves in the middle of an answer of no end."""
    fence = chat.say(speaker, fresh.text())
    for member in members:
        chat.messages_until(member, fence)


def begins_to_type(member, other, fresh):
    """Let a member type, and return what another one is told of it."""
    types(member, True)
    told = typing_heard(other, other, fresh)
    values = json.dumps([one["typing"] for one in told])
    assert values == "[true]", f'{member.name} sent {{"typing": true}}, and {other.name} was told {values}, not [true].'
    return told


def types(member, value):
    member.send_json({"typing": value})
    settle(member)


def settle(member):
    """Wait until the server is through with all that a member has sent."""
    chat.await_error(member, "no JSON", f"{member.name} sent something that is not a message, but got no error.")


def typing_heard(member, speaker, fresh):
    """Return what a member was told of typing since it was asked last: `speaker` says something behind it."""
    heard = chat.replies_until(member, chat.say(speaker, fresh.text()))
    return [{"typing": reply["typing"], "who": reply.get("who")} for reply in heard if "typing" in reply]
