"""The chat of lesson 09 as coroutines: it does all it did before, and nobody waits for another member's slow Redis."""

from concurrent.futures import ThreadPoolExecutor

import chat_contract as chat
import pytest

from course.testbed.deadlines import comes_true

HELD_UP_UNITS = 1.0


def test_it_is_async(source):
    """The consumer is an AsyncConsumer and calls the channel layer without async_to_sync.

    1. The base class decides whether Channels calls your methods in a thread or awaits them on the event loop.
    2. AsyncWebsocketConsumer is to WebsocketConsumer what AsyncConsumer in lesson 03 is to SyncConsumer. Each method
       becomes `async def`, and each call of a coroutine gets an `await`.
    3. class ChatConsumer(AsyncWebsocketConsumer), and await self.channel_layer.group_send(…). Drop async_to_sync.
    """
    consumers = source.consumers("AsyncConsumer")
    assert consumers, "No class of the project inherits from AsyncConsumer."
    wrapped = [consumer for consumer in consumers if "async_to_sync" in consumer.uses]
    assert not wrapped, f"{wrapped[0].name} still calls async_to_sync ({wrapped[0].file})."


def test_redis_keeps_one_waiting_alone(connect, fresh, redis):
    """A member whose message waits for Redis keeps nobody else waiting.

    1. All sync consumers of a process share one thread. What waits in it?
    2. A coroutine that awaits lets the others run. What do you await when Redis is slow?
    3. await self.channel_layer.group_send(…) in an async def receive of an AsyncWebsocketConsumer.
    """
    chat.redis_keeps_one_waiting_alone(connect, fresh, redis)


@pytest.mark.given
def test_everyone_in_the_room_hears_it_once(connect, fresh):
    """Everyone in a room hears each message once, including the sender.

    1. Open the server's log. Is there an exception, or a coroutine that was never awaited?
    2. accept, send, group_add and group_send are coroutines in an AsyncWebsocketConsumer, and so are all your methods,
       chat_message among them.
    3. await self.channel_layer.group_add(…), await self.accept(), await self.channel_layer.group_send(…), and
       async def chat_message(self, event): await self.send(…).
    """
    chat.everyone_hears_it_once(connect, fresh)


@pytest.mark.given
def test_another_room_hears_nothing(connect, fresh):
    """Nobody in one room hears what is said in another.

    1. While one consumer awaits, others run. What can they change that your consumer reads afterwards?
    2. All connections of the process share what is on the class or in the module.
    3. self.group_name = group_of(…), on the object.
    """
    chat.another_room_hears_nothing(connect, fresh)


@pytest.mark.given
def test_two_processes_share_a_room(connect, fresh, second_site):
    """Members connected to different server processes hear each other.

    1. Look at CHANNEL_LAYERS, and at what your consumer keeps outside the channel layer.
    2. A set of members in the module is tempting with async, but it exists in one process only.
    3. "BACKEND": "channels_redis.core.RedisChannelLayer", and group_send for everything that others should hear.
    """
    chat.two_processes_share_a_room(connect, fresh, second_site)


@pytest.mark.given
def test_each_message_comes_as_it_was_said(connect, fresh):
    """Each message arrives as it was sent, as often as it was sent, and sixty at once arrive in order.

    1. Channels gives a consumer one event at a time, which keeps the order. Does anything go on after your method
       returns?
    2. asyncio.create_task starts something that nothing waits for, and a later task may overtake it. Between
       json.loads and json.dumps, leave the message unchanged: no strip, no escape.
    3. await self.channel_layer.group_send(…) in receive, and await self.send(…) in chat_message: no create_task.
    """
    chat.each_message_comes_as_it_was_said(connect, fresh, bursts=5)


@pytest.mark.given
def test_many_members_hear_all_in_order(connect, fresh):
    """Thirty members hear everything that one of them sends at once, and everything that ten of them send together.

    1. While one consumer awaits, others run. What do they share with it?
    2. Keep anything that a consumer needs after an await in local variables or on self, not in the module.
    3. await group_send in receive and await self.send(…) in chat_message. Use no create_task, no gather, no global.
    """
    chat.many_members_hear_all_in_order(connect, fresh, members=30)


@pytest.mark.given
def test_a_burst_holds_nobody_up(connect, fresh, site):
    """Sixteen clients that connect at once and eight that speak at once in other rooms hold nobody up.

    1. One event loop runs all coroutines. Which of your lines keeps it busy without an await? What do all of them
       wait for?
    2. time.sleep, requests.get and any slow computation stop the server. await asyncio.sleep does not. An
       asyncio.Lock in the module, held during an await, lets only one consumer go on at a time.
    3. await asyncio.sleep(…) instead of time.sleep(…); await asyncio.to_thread(slow, …) for a slow function. No lock.
    """
    chat.a_crowd_holds_nobody_up(connect, fresh, site, members=16)


@pytest.mark.given
def test_who_left_is_in_no_group(connect, fresh, site, redis):
    """Beyond the tutorial's tests: a member who has left is no longer in any group.

    1. disconnect(code) is called once at the end. What happens in it?
    2. group_discard is a coroutine. Without await, it does nothing.
    3. await self.channel_layer.group_discard(self.group_name, self.channel_name)
    """
    chat.who_left_is_in_no_group(connect, fresh, site, redis)


@pytest.mark.given
def test_a_client_cannot_pick_the_handler(connect, fresh):
    """Beyond the tutorial's tests: a `type` sent by a client calls no method.

    1. On the channel layer, the type of an event is the name of the method that it calls, in every member.
    2. What decides on that type in your group_send: your code, or the JSON that came in?
    3. Build a new event, {"type": "chat.message", "message": message}, and copy nothing else into it.
    """
    chat.a_client_cannot_pick_the_handler(connect, fresh)


@pytest.mark.given
def test_bad_messages_are_answered_with_an_error(connect, fresh):
    """Beyond the tutorial: anything that is not a message gets an error, only its sender gets it, and the room goes on.

    1. read_message raises ValueError. Where do you catch it?
    2. read_message is a plain function and may stay one, because it waits for nothing.
    3. except ValueError as problem: await self.reply({"error": str(problem)}), then return.
    """
    chat.bad_messages_are_answered(connect, fresh)


@pytest.mark.given
def test_nothing_chokes_the_layer(connect, fresh):
    """Beyond the tutorial: a message that the layer can't carry, such as a huge number, cuts nobody off.

    1. Anything you give to group_send is packed for its way through Redis. The packing can represent less than JSON
       can.
    2. The message should be a string. Test with isinstance whether it is one, and whether it can be encoded.
    3. In read_message: if not isinstance(message, str): raise ValueError(…), then message.encode().
    """
    chat.nothing_chokes_the_layer(connect, fresh)


@pytest.mark.given
def test_every_room_name_works_or_is_refused(connect, fresh, site):
    """Beyond the tutorial: a room with an odd name works or is refused, and no consumer fails because of it.

    1. Which names does your route accept? Which of these are allowed as the name of a group?
    2. A group's name has at most 99 characters: letters, digits, hyphens, underscores and dots.
    3. "chat_" + hashlib.sha256(room_name.encode()).hexdigest() fits, whatever the room is called.
    """
    chat.every_room_works_or_is_refused(connect, fresh, site)


@pytest.mark.given
def test_no_two_rooms_are_mixed_up(connect, fresh):
    """Beyond the tutorial: two rooms with similar names stay two rooms.

    1. The group's name is made from the room's name. Can two rooms get the same group?
    2. If you cut a name or replace its odd characters, the result may be the name of another room.
    3. sha256 gives different results for different names. Cutting and replacing do not.
    """
    chat.rooms_are_apart(connect, fresh)


@pytest.mark.given
def test_redis_may_go_and_come_back(connect, fresh, site, redis):
    """Beyond the tutorial: while Redis is gone, nobody is left hanging, and when it is back, rooms work again.

    1. Without Redis, group_add raises an exception. What does your code do with it?
    2. Channels ends the consumer, and the browser learns of it at once. You need not catch anything or try again.
    3. Put no try and no while around group_add, and connect to Redis nowhere else.
    """
    chat.redis_may_go_and_come_back(connect, fresh, site, redis)


@pytest.mark.given
def test_two_windows_talk(open_page, fresh):
    """Two browser windows in one room show each other's messages, and a window in another room does not.

    1. The pages come from lesson 08. Look at the browser's console and at the server's log.
    2. The browser gets {"message": …}, as before.
    3. In chat_message: await self.send(text_data=json.dumps({"message": event["message"]})).
    """
    chat.windows_talk(open_page, fresh)


@pytest.mark.given
@pytest.mark.slow
def test_an_idle_member_still_hears(connect, fresh, redis):
    """A member who says nothing for 13 seconds still hears the room, and so does a member who came an hour ago.

    1. The layer asks Redis for news and waits up to 5 seconds for an answer. What gives up first?
    2. Look at the other settings in CHANNEL_LAYERS besides the address: socket_timeout and group_expiry.
    3. {"address": REDIS_URL, "socket_timeout": None} in "hosts". Leave group_expiry at one day.
    """
    chat.an_idle_member_still_hears(connect, fresh, redis, idle_s=13)


@pytest.mark.own
def test_an_announcement_reaches_every_room_once(connect, fresh, visit, second_site):
    """POST /announce/ reaches every member of every room once, in all processes, and nobody who comes later.

    1. A view has no `self.channel_layer`. Where else can you get the layer? And whom does one `group_send` reach?
    2. `get_channel_layer` returns the layer in any code of the project. A consumer may join more than one group, and a
       group need not be a room.
    3. `group_add` in `connect` and `group_discard` in `disconnect`, for a second group that all consumers share. In the
       view, one `group_send` to it, awaited if the view is a coroutine.
    """
    tea, coffee, milk, staff = fresh.word(), fresh.word(), fresh.word(), visit("staff")
    with chat.join(connect, tea, "ana", fresh) as ana, chat.join(connect, tea, "ben", fresh) as ben:
        with (
            chat.join(connect, coffee, "cleo", fresh) as cleo,
            chat.join(connect, milk, "dan in process 2", fresh, site=second_site) as dan,
        ):
            texts = [fresh.text(), fresh.text(), "<b>&amp;</b> 100 % + ☕"]
            for text in texts:
                announce(staff, text)
            for member in (ana, ben, cleo, dan):
                fence = chat.say(member, fresh.text())
                heard = [text for text in chat.messages_until(member, fence) if text in texts]
                assert heard == texts, f"Three announcements were made. {member.name} heard {len(heard)} of them."

        with connect(chat.path_of(coffee), name="eva") as eva:
            earlier = [text for text in chat.messages_until(eva, chat.say(eva, fresh.text())) if text in texts]
            assert earlier == [], "eva came after the announcements, and heard them."
            announce(staff, text := fresh.text())
            for member in (ana, eva):
                heard = chat.messages_until(member, chat.say(member, fresh.text()))
                assert heard.count(text) == 1, f"{member.name} heard an announcement {heard.count(text)} times."


@pytest.mark.own
def test_what_announces_nothing_is_refused(connect, fresh, visit):
    """A GET of /announce/ is answered with 405, a POST without a message with 400, and nobody hears anything.

    1. Which requests can reach your view? What does it do with a form that lacks the field, or has it empty?
    2. `request.POST` is a dictionary. With square brackets, a missing key is an exception, and the answer is 500.
    3. `require_POST` answers 405 for you. `request.POST.get` copes with a missing field, and HttpResponseBadRequest has
       the status 400.
    """
    staff = visit("staff")
    with chat.join(connect, fresh.word(), "ana", fresh) as ana:
        refused = {
            "a GET": staff.get("/announce/?message=tea").status,
            "an empty message": staff.post("/announce/", {"message": ""}).status,
            "a form without a message": staff.post("/announce/", {"text": fresh.text()}).status,
            "an empty form": staff.post("/announce/", {}).status,
        }
        expected = {"a GET": 405} | dict.fromkeys(list(refused)[1:], 400)
        assert refused == expected

        heard = chat.messages_until(ana, chat.say(ana, fresh.text()))
        assert heard == [], f"No request announced anything, but ana heard {heard[0]!r}."
        announce(staff, text := fresh.text())
        assert chat.messages_until(ana, chat.say(ana, fresh.text())).count(text) == 1


@pytest.mark.own
def test_an_announcement_waits_alone(connect, fresh, visit, redis):
    """While an announcement waits for Redis, its answer waits too, and pages and rooms go on.

    1. A view under Daphne shares its event loop with everything else. What may wait in it, and how?
    2. The answer says that the announcement is on its way. So it comes after `group_send` has returned, and not before.
    3. Either `async def` with `await`, or a plain `def` with `async_to_sync`, which Django runs in a thread. No
       `create_task`, no thread of your own.
    """
    room = fresh.word()
    with chat.join(connect, room, "ana", fresh) as ana, ThreadPoolExecutor(1) as pool:
        announce(visit("staff"), fresh.text())  # Redis is well
        assert visit("ben").get(f"/chat/{room}/").status == 200
        with redis.stalled():
            waiting = pool.submit(announce, visit("staff"), text := fresh.text())
            comes_true(redis.held_up, HELD_UP_UNITS)  # a program that sends later is not held up, and is told below
            for _ in range(3):
                slow = "Redis is slow to answer an announcement, and meanwhile the server does nothing for ana."
                chat.await_error(ana, fresh.text(), slow)
            assert visit("ben").get(f"/chat/{room}/").status == 200
            assert not waiting.done(), "An announcement has been answered, but Redis has not taken it yet."

        waiting.result()
        times = chat.messages_until(ana, chat.say(ana, fresh.text())).count(text)
        assert times == 1, f"Redis was slow with an announcement. ana heard it {times} times."


def announce(somebody, text):
    """Announce a text that must be accepted."""
    status = somebody.post("/announce/", {"message": text}).status
    assert 200 <= status < 300, f"An announcement was answered with HTTP {status}, not with 204."
