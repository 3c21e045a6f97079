"""An application that tells what it has seen: `/seen` is all of it, by the paths that were asked for."""

import asyncio
import json
import time
from pathlib import Path

from asgiref.sync import markcoroutinefunction
from twisted.internet import reactor

SEEN = {}
BEGUN, ENDED, GATES = {}, {}, {}
PAGE = Path(__file__).with_name("index.html")
BIG = "x" * 300_000

# Daphne looks round once a second, at the part of the second at which it starts: an early one, see early_in_a_second.
while not 0.1 < reactor.seconds() % 1 < 0.3:
    time.sleep(0.01)


@markcoroutinefunction
def application(*arguments, **named):
    """Be called as any application is, and raise before there is anything to wait for, if asked to."""
    path = (arguments[0] if arguments else named["scope"])["path"]
    if path == "/ws/sync-error/":
        raise LookupError("too early")
    return None if path == "/ws/no-awaitable/" else answer([len(arguments), *named], *arguments, **named)


async def answer(called_with, scope, receive, send):
    what = {"scope": told(scope), "called with": called_with, "events": []}
    SEEN.setdefault(scope["path"], []).append(what)
    if scope["type"] == "http":
        await http(scope, receive, send)
        return
    try:
        note(what, "task", asyncio.current_task().get_coro().__qualname__)
        await talk(scope, receive, send, what)
    except BaseException as error:
        note(what, "left by", repr(error))
        raise
    finally:
        at(ENDED, scope["path"]).set()


def told(scope):
    plain = {key: scope[key] for key in scope if key not in ("headers", "client", "server")}
    headers = [[name.decode(), value.decode("latin-1")] for name, value in scope["headers"]]
    return json.loads(json.dumps(plain, default=repr)) | {"headers": headers, "client": scope["client"][0]}


def at(events, path):
    return events.setdefault(path, asyncio.Event())


def note(what, *parts):
    what["events"].append(parts)


# HTTP


async def http(scope, receive, send):
    path = scope["path"]
    body, more = b"", True
    while more:
        event = await receive()
        body, more = body + event.get("body", b""), event.get("more_body", False)
    headers, status, text = [(b"content-type", b"text/plain")], 200, body or b"nothing"
    for place, events in (("/begun", BEGUN), ("/ended", ENDED)):
        if path.startswith(place):
            await at(events, path.removeprefix(place)).wait()
    if path.startswith("/open"):
        at(GATES, path.removeprefix("/open")).set()
    if path == "/":
        headers = [(b"content-type", b"text/html; charset=utf-8"), (b"set-cookie", b"plain=tea")]
        headers += [(b"set-cookie", b"strict=cup; HttpOnly; SameSite=Strict; Path=/"), (b"x-own", b"kept as it is")]
        text = PAGE.read_bytes()
    elif path == "/moved":
        headers, status = [(b"location", b"/data?moved")], 302
    elif path == "/missing":
        status = 404
    elif path == "/raises":
        raise ArithmeticError("a page that can't be")
    elif path == "/seen":
        text = json.dumps(SEEN).encode()
    await send({"type": "http.response.start", "status": status, "headers": headers})
    if path == "/parts":
        for part in (b"one ", b"two ", b"three"):
            await send({"type": "http.response.body", "body": part, "more_body": True})
        text = b""
    await send({"type": "http.response.body", "body": text})


# WebSockets


async def talk(scope, receive, send, what):
    path = scope["path"]
    kind = path.split("/")[2]

    async def hear():
        event = await receive()
        size = max(len(event.get("text") or ""), len(event.get("bytes") or b""))
        note(what, "hears", f"{event['type']} of {size}" if size > 100 else repr(event))
        return event

    async def say(kind, **more):
        if kind == "close":
            await early_in_a_second()
        try:
            note(what, "says", kind, repr(await send({"type": f"websocket.{kind}", **more})))
        except Exception as error:
            note(what, "fails", kind, type(error).__module__, type(error).__name__, str(error)[:80])

    if kind == "unknown":
        raise ValueError("No route found for path.")
    await hear()
    at(BEGUN, path).set()
    if kind == "refused":
        await say("close", code=4003)
        return
    if kind == "silent":
        await hear()
        return
    if kind == "raises":
        await say("accept")
        await early_in_a_second()
        raise RuntimeError("right away")
    if kind == "gate":
        await at(GATES, path).wait()
    if kind == "odd":
        await odd(send, what)
    await say("accept", subprotocol=next(iter(scope["subprotocols"]), None))
    if kind == "greets":
        await say("send", text="good")
        await say("send", bytes=b"day")
        await say("close", code=4001)
        await say("send", text="too late")
    if kind == "leaves":
        return
    while (event := await hear())["type"] != "websocket.disconnect":
        word, _, rest = (event.get("text") or "").partition(" ")
        if word == "bye":
            await say("close", **({"code": int(rest), "reason": "enough"} if rest else {}))
        elif word == "raise":
            await early_in_a_second()
            raise RuntimeError(rest)
        elif word == "many":
            for number in range(30):
                await say("send", **({"text": str(number)} if number % 3 else {"bytes": bytes([number])}))
        elif word == "big":
            await say("send", text=BIG)
        elif word != "hush":
            await say("send", text=event.get("text"), bytes=event.get("bytes"))
    await say("send", text="nobody there")


async def early_in_a_second():
    """Wait until Daphne gives a client time to answer a close.

    It means to give a second, but Autobahn's timer ends with the second of the clock: at 11.999 s that is at once, and
    may be before the close is sent. No two runs are alike then, with the test bed or without it.
    """
    while reactor.seconds() % 1 > 0.5:
        await asyncio.sleep(0.01)


async def odd(send, what):
    """Say what no server takes."""
    for event in (
        "text",
        None,
        {},
        {"type": 7},
        {"type": ["x"]},
        {"type": "websocket.shout"},
        {"type": "websocket.send"},
    ):
        try:
            note(what, repr(event), repr(await send(event)))
        except Exception as error:
            note(what, repr(event), type(error).__name__, str(error)[:80])
    laid_by = send({"type": "websocket.shout"})
    note(what, laid_by.__qualname__, type(laid_by).__name__)
    await laid_by
