"""What an exception, a warning or an ignored event means, in any lesson: a sentence from the words that it always has.

Each rule is a thing that people ask about in public; the words were seen with Django 5.2, Channels 4.3, Daphne 4.2,
channels-redis 4.3, rq 2 and 3.
"""

from __future__ import annotations

import re

RULES: tuple[tuple[str, str], ...] = (
    (
        r"coroutine '(?P<name>[^']+)' was never awaited",
        "`{name}()` is called without `await`, so it does not run: the call only makes a coroutine.",
    ),
    (
        r"'coroutine' object (has no attribute|is not)|Object of type coroutine is not JSON serializable",
        "A coroutine is where its result should be: `await` is missing before the call.",
    ),
    (
        r"object (method|builtin_function_or_method|function) can't be used in 'await' expression",
        "`await` is in front of a method that is not called: the brackets `()` are missing.",
    ),
    (
        r"object (?P<name>\w+) can't be used in 'await' expression",
        "`await` is in front of a call that returns {name}. Only a coroutine can be awaited, and this is a plain "
        "function.",
    ),
    (
        r"'dict' object has no attribute 'encode'",
        "The consumer's own `send` got a dictionary. Either `json.dumps` is missing, or an event of the channel layer "
        "has the type `send`, which calls that method: choose another type.",
    ),
    (
        r"(close|accept|connect|disconnect|receive|dispatch)\(\) (takes|got|missing).*argument|"
        r"'dict' object cannot be interpreted as an integer",
        "If an event of the channel layer has this method's name as its type, the event calls this method: choose "
        "another type.",
    ),
    (
        r"Incoming message has no 'type' attribute",
        "An event has lost its type. All consumers of a process get the same dictionary, and one of them changed it "
        "before the next one read it.",
    ),
    (
        r"No handler for message type (?P<name>[\w.\-]+)",
        "An event of type `{name}` arrived, but the consumer has no method for it. Name the method after the type, "
        "with underscores in place of dots.",
    ),
    (
        r"can not serialize '(?P<name>[\w.]+)' object|Object of type (?P<other>\w+) is not JSON serializable",
        "A value of type {name} can't travel in an event or in JSON: send a string, a number, a list or a dictionary.",
    ),
    (
        r"is not allowed for map key when strict_map_key",
        "An event contains a dictionary whose keys are not strings. msgpack refuses that at each receiver.",
    ),
    (
        r"'str' object has no attribute 'decode'",
        "Redis returns strings where bytes are expected: `decode_responses` is on for a connection that RQ or the "
        "channel layer uses.",
    ),
    (
        r"Cannot import BACKEND '?(?P<name>[\w.]+)",
        "CHANNEL_LAYERS names the backend `{name}`, which does not exist. Today's is "
        "`channels_redis.core.RedisChannelLayer`.",
    ),
    (
        r"There is no current event loop|no running event loop",
        "A thread without an event loop asks for one: a view, a job and a sync consumer call coroutines with "
        "`async_to_sync`.",
    ),
    (
        r"You cannot use AsyncToSync in the same thread as an async event loop",
        "`async_to_sync` is called inside a coroutine: there, `await` does the same.",
    ),
    (
        r"You cannot call this from an async context",
        "The database is queried synchronously inside a coroutine: use the methods with an `a` (`aget`, `asave`), or "
        "`database_sync_to_async`.",
    ),
    (
        r"'list' object has no attribute '(callback|pattern)'",
        "There is a list inside the list of routes: `URLRouter([*a, *b])` joins two lists.",
    ),
    (
        r"must be (a )?valid (unicode )?string.*(alphanumerics|less than)|Group name must be",
        "The name of a group contains characters that the channel layer does not accept, or is longer than 99 "
        "characters.",
    ),
    (r"KeyError: 'user'", "The scope has no user: there is no `AuthMiddlewareStack` around the routes."),
    (r"KeyError: 'url_route'", "The scope has no `url_route`: the consumer is not reached through a `URLRouter`."),
    (
        r"Apps aren't loaded yet",
        "`asgi.py` imports models or consumers before `get_asgi_application()` has loaded the apps: import the "
        "routing below it (a formatter that sorts imports puts it back above).",
    ),
    (r"has no attribute 'handshake_deferred'", "The consumer answers the handshake twice: one `accept` is enough."),
    (
        r"Invalid attribute name: <lambda>|[Cc]an't pickle (local|<function)|Can't get local object",
        "The job is a lambda, or a function inside a function: a worker finds only functions of a module.",
    ),
    (
        r"can't start new thread|Resource temporarily unavailable|Too many open files|No space left on device|"
        r"database or disk is full",
        "The machine has no thread, file or disk space left for the program. `ulimit -a` and `df` show the limits.",
    ),
    (r"\bSystemExit\b", "The code calls `exit()`, and that ends the whole server, with all its connections."),
    (r"Event loop is closed", "A connection is kept beyond the event loop that it was opened in."),
    (
        r"cannot import name '(?P<name>[^']+)' from '(?P<other>[^']+)'",
        "`{other}` has nothing called `{name}`: is it misspelt?",
    ),
    (r"No module named '(?P<name>[^']+)'", "There is no module `{name}`: is it misspelt, or not installed?"),
    (
        r"contains both bytes and text keys",
        "One `websocket.send` event has both `text` and `bytes`. Daphne accepts only one of them.",
    ),
    (
        r"codec can't decode byte",
        "Bytes are decoded as text, and they are not valid UTF-8: what a client sends may be any bytes.",
    ),
    (
        r"surrogates not allowed",
        "A string holds half a letter (a lone surrogate), which UTF-8 cannot write. `json.dumps` can, unless "
        "`ensure_ascii=False` stops it from escaping.",
    ),
    (
        r"Ignored: an event of type '(?P<name>[^']*)'",
        "The consumer sends an event of type `{name}`, which does not go to a client, so Daphne ignores it.",
    ),
    (
        r"Ignored: 'websocket.send' with neither",
        "A `websocket.send` event has neither `text` nor `bytes`, so nothing is sent.",
    ),
    (
        r"Ignored: '(?P<name>[\w.]+)' after the consumer had closed",
        "The consumer goes on after its own close: `{name}` no longer reaches anyone. A `return` after `close()` is "
        "missing.",
    ),
    (
        r"Forbidden \(CSRF\): (?P<name>\w+ \S+): (?P<other>.*)",
        "Django's protection against forged requests refused {name}: {other}",
    ),
    (
        r"Unheard: queue '(?P<name>[^']+)' holds jobs; the worker listens to (?P<other>.+)",
        "Jobs wait in the queue `{name}`, but the worker takes jobs only from `{other}`.",
    ),
)


def explain(text: str) -> str:
    """Return the sentence of the first rule that these words fit, or an empty text."""
    for pattern, sentence in RULES:
        if found := re.search(pattern, text):
            named = {key: value for key, value in found.groupdict().items() if value is not None}
            named.setdefault("name", named.get("other", ""))
            return sentence.format(**named) if named else sentence
    return ""
