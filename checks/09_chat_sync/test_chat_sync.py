"""A chat with rooms: what one member of `ws/chat/<room_name>/` says, all members of it hear."""

import chat_contract as chat
import pytest


def test_everyone_in_the_room_hears_it_once(connect, fresh):
    """Everyone in a room hears each message once, the sender too.

    1. Each connection has a consumer of its own. What knows all consumers of a room? config/settings.py names it.
    2. In connect: group_add. In receive: group_send, and no self.send, for the sender is in the group too. A method
       named like the event's type receives it in every consumer.
    3. async_to_sync(self.channel_layer.group_send)(self.group_name, {"type": "chat.message", "message": message}),
       and def chat_message(self, event): self.send(...).
    """
    chat.everyone_hears_it_once(connect, fresh)


def test_each_message_comes_as_it_was_said(connect, fresh):
    """Each message comes as it was said, as often as it was said, and sixty at once in their order.

    1. Say the same thing twice, or something with a < in it. What do the others get?
    2. The server hands messages on and changes nothing. Whether a < is markup is for the page to decide, and it
       decides with textContent.
    3. The message goes from json.loads to the event and from the event to json.dumps: no strip, no escape, no lower.
    """
    chat.each_message_comes_as_it_was_said(connect, fresh)


def test_another_room_hears_nothing(connect, fresh):
    """What is said in one room is not heard in another.

    1. A group is known by its name. What is in yours?
    2. The room's name stands in self.scope["url_route"]["kwargs"]["room_name"].
    3. The group's name is made of the room's name, for each consumer in connect: self.group_name = …
    """
    chat.another_room_hears_nothing(connect, fresh)


def test_two_processes_share_a_room(connect, fresh, second_site):
    """Members who are connected to different server processes hear each other.

    1. Look at CHANNEL_LAYERS. Where do the groups live: in one process, or in a place that all of them reach?
    2. InMemoryChannelLayer ends at the process. RedisChannelLayer keeps groups and messages in Redis.
    3. "BACKEND": "channels_redis.core.RedisChannelLayer", and "hosts" with the address in REDIS_URL.
    """
    chat.two_processes_share_a_room(connect, fresh, second_site)


def test_who_left_is_in_no_group(connect, fresh, site, redis):
    """Beyond the tutorial's tests: whoever has left is in no group any more.

    1. Redis does not notice that a browser is gone. Which of your methods does?
    2. disconnect(code) is called once at the end, however the connection was lost. What connect joined, it leaves.
    3. async_to_sync(self.channel_layer.group_discard)(self.group_name, self.channel_name) in disconnect.
    """
    chat.who_left_is_in_no_group(connect, fresh, site, redis)


def test_a_client_cannot_pick_the_handler(connect, fresh):
    """Beyond the tutorial's tests: a `type` that a client sends calls nothing.

    1. On the channel layer, the type of an event is the name of the method that it calls, in every member.
    2. Who decides on that type in your group_send: you, or the JSON that came in?
    3. Build the event anew, {"type": "chat.message", "message": message}, and copy nothing else into it.
    """
    chat.a_client_cannot_pick_the_handler(connect, fresh)


def test_bad_messages_are_answered_with_an_error(connect, fresh):
    """Beyond the tutorial: what is no message is answered with an error, to its sender only, and the room goes on.

    1. Lesson 07 has it: bad JSON, no "message" in it, bytes. Who needs to know?
    2. read_message raises ValueError. Catch it in receive, before anything goes to the group.
    3. self.send(text_data=json.dumps({"error": str(problem)})), then return.
    """
    chat.bad_messages_are_answered(connect, fresh)


def test_nothing_chokes_the_layer(connect, fresh):
    """Beyond the tutorial: a message that the layer can't carry, like a huge number, cuts nobody off.

    1. What you give to group_send is packed for the way through Redis. The packing knows less than JSON does.
    2. The message is a text. Ask whether it is one, with isinstance, and whether it can be encoded.
    3. In read_message: if not isinstance(message, str): raise ValueError(…), then message.encode(), which raises
       a ValueError for half an emoji.
    """
    chat.nothing_chokes_the_layer(connect, fresh)


def test_every_room_name_works_or_is_refused(connect, fresh, site):
    """Beyond the tutorial: a room with an odd name works or is refused, and no consumer fails over it.

    1. Which names does your route let through? Which of these may be the name of a group?
    2. A group's name has at most 99 characters, out of letters, digits, hyphen, underscore and dot.
    3. "chat_" + hashlib.sha256(room_name.encode()).hexdigest() fits, whatever the room is called.
    """
    chat.every_room_works_or_is_refused(connect, fresh, site)


def test_no_two_rooms_are_mixed_up(connect, fresh):
    """Beyond the tutorial: two rooms whose names are alike stay two rooms.

    1. Something happens to the room's name on its way to the group's name. Can two names become one?
    2. A name that is cut, or whose odd characters are replaced, may be the name of another room.
    3. sha256 gives different results for different names; cutting and replacing do not.
    """
    chat.rooms_are_apart(connect, fresh)


def test_redis_may_go_and_come_back(connect, fresh, site, redis):
    """Beyond the tutorial: while Redis is gone nobody is left hanging, and when it is back, rooms work again.

    1. Without Redis, group_add raises an exception. What does your code do with it?
    2. Channels ends the consumer, and the browser is told at once. Nothing has to be caught, and nothing tried again.
    3. Leave out try and while around group_add, and connect to Redis nowhere else.
    """
    chat.redis_may_go_and_come_back(connect, fresh, site, redis)


def test_two_windows_talk(open_page, fresh):
    """Two browser windows in one room show each other's messages; a window in another room does not.

    1. The page of lesson 08 sends and shows messages already. Open its console, and the server's log.
    2. What arrives in the browser is {"message": …}, as before; now it comes from everyone in the room.
    3. In chat_message: self.send(text_data=json.dumps({"message": event["message"]})).
    """
    chat.windows_talk(open_page, fresh)


@pytest.mark.slow
def test_an_idle_member_still_hears(connect, fresh, redis):
    """A member who says nothing for 13 seconds still hears the room, and so does one who came an hour ago.

    1. The layer asks Redis for news and waits up to 5 seconds for an answer. Who loses patience first?
    2. Look at what else stands in CHANNEL_LAYERS beside the address: socket_timeout, group_expiry.
    3. {"address": REDIS_URL, "socket_timeout": None} in "hosts". Leave group_expiry at its day.
    """
    chat.an_idle_member_still_hears(connect, fresh, redis, idle_s=13)
