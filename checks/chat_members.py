"""The people of lesson 11 and their rooms, and what they hear."""

import chat_contract as chat

from course.errors import Unmet

LOGIN = "/accounts/login/"
PASSWORD = "tea-for-two"
DAN = "<b>dan</b>"
TEA, GARDEN = chat.path_of("tea"), chat.path_of("garden")


def is_in(member):
    """Wait until the consumer is ready for a member: it answers a bad frame only then."""
    member.send_json({})
    while "error" not in hear(member):
        pass


def who_said(member, text):
    """Return the user of the frame that brings the message `text`."""
    while True:
        reply = hear(member)
        if reply.get("message") == text:
            return reply.get("user")


def hear(member):
    """Return the next frame, which must be an object."""
    reply = member.receive_json()
    if not isinstance(reply, dict):
        raise Unmet(f"{member.name} heard something that is not an object.", expected='{"message": …}', got=str(reply))
    return reply


def plain(name):
    """Return a person's name without the markup, for the story of a failure."""
    return name.removeprefix("<b>").removesuffix("</b>")
