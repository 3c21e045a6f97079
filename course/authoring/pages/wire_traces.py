"""What goes over the wire in a lesson's own part, recorded from the solution: the page shows how it should look."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace

from course.authoring.pages.stable_output import on_schedule
from course.authoring.pages.terminal_pictures import capture_renderable
from course.catalog.lessons import Lesson
from course.project.scratch_copy import scratch
from course.reports.terminal import wire
from course.results import WireEvent
from course.testbed.bed import Bed
from course.testbed.clients.http_session import HttpSession
from course.testbed.clients.transcript import Transcript
from course.testbed.clients.websocket_connect import Connect
from course.testbed.servers.daphne import Site

TRACE = re.compile(r"\bown-trace\.txt\b")  # how a page asks for its own
CHANNEL = re.compile(r'specific\.[0-9a-f!]+"?(?:… \(\d+ characters\)|\})')  # another one in each run
TICKET = re.compile(r'(ticket(?:=|": "))[\w-]+')  # and so is a ticket


def of_lesson(lesson: Lesson, width: int) -> str:
    """Play the lesson's scene on its solution twice, and return what went over the wire the second time."""
    with scratch(lesson, solved=True) as folder, closing(Bed(lesson, folder)) as bed:
        site = bed.site(0)
        assert site.host  # it is up, so that nobody waits for it at the door
        if "worker" in lesson.needs:
            bed.worker.start()
        for transcript in (Transcript(), Transcript()):  # the first time, a server is slow
            connect = Connect(site, bed.loop, transcript)
            try:
                SCENES[lesson.slug](connect)
            finally:
                connect.close_all()
    events = [
        replace(event, what=TICKET.sub(r"\1…", CHANNEL.sub('specific.…"}', event.what)))
        for event in answers_first(transcript.events())
    ]
    text, _ = capture_renderable(wire(on_schedule(tuple(events), DUE_MS.get(lesson.slug, {}))), lesson.title, width)
    return text


def answers_first(events: Iterable[WireEvent]) -> list[WireEvent]:
    """Return the events with each HTTP answer right after its request: frames that it caused may overtake it."""
    ordered: list[WireEvent] = []
    for event in events:
        asked = [place for place, earlier in enumerate(ordered, 1) if earlier.who == event.who]
        ordered.insert(asked[-1] if event.what.startswith("HTTP ") else len(ordered), event)
    return ordered


def _count(connect: Connect) -> None:
    with connect("/ws/count/") as ana:
        for frame in ("tea", b"\x89PNG", "", "again", "tea"):
            ana.send(frame)
            ana.receive()
        with connect("/ws/count/") as ben:
            ben.send("tea")
            ben.receive()


def _race(connect: Connect) -> None:
    with connect("/ws/race/") as ana:
        ana.send("tea,milk,tea")
        ana.send("sugar")
        for _ in range(4):
            ana.receive()
        ana.send("cake,,cream")
        ana.close()


def _tick(connect: Connect) -> None:
    with connect("/ws/clock/", subprotocols=["clock.v1", "clock.v2"]) as ana:
        ana.send("start")
        for _ in range(3):
            ana.receive()
        ana.send("stop")
        ana.receive()
        assert ana.close_code


def _sum(connect: Connect) -> None:
    for path in ("/ws/sum/1/2/3/", "/ws/sum/1/2/3/?times=10"):
        with connect(path) as ana:
            ana.receive()
    connect.refused("/ws/sum/1/2/3/?times=ten")
    connect.refused(f"/ws/sum/{'1/' * 21}")


def _calculate(connect: Connect) -> None:
    with connect("/ws/calc/") as ana:
        for request in (
            '{"id": 1, "op": "sum", "values": [1, 2.5]}',
            '{"id": "b", "op": "max", "values": [3, true]}',
            '{"id": null, "op": "min", "values": [3, -4]}',
            "tea",
        ):
            ana.send(request)
            ana.receive()


def _type(connect: Connect) -> None:
    with connect("/ws/chat/tea/") as ana, connect("/ws/chat/tea/") as ben:
        ana.send_json({"typing": True})
        ben.receive()
        ana.send_json({"message": "Is there any tea?"})
        for member in (ana, ben, ben):
            member.receive()
        ana.send_json({"typing": True})
        ben.receive()
        ana.vanish()
        ben.receive()


def _ticket(connect: Connect) -> None:
    assert isinstance(connect.site, Site)
    ana = HttpSession("ana", connect.site, Transcript())
    ana.submit("/accounts/login/", {"username": "ana", "password": "tea-for-two"})
    with connect("/ws/chat/tea/", headers=ana.headers) as laptop:
        laptop.send_json({"command": "ticket"})
        path = f"/ws/chat/tea/?ticket={laptop.receive_json()['ticket']}"
        with connect(path, name="ana's screen") as screen:
            screen.send_json({"message": "Tea is ready"})
            for client in (screen, laptop):
                client.receive()
            assert connect(path, name="a stranger").close_code


def _make_task(connect: Connect, duration: int) -> object:
    """Let ana make a task, and return its id."""
    assert isinstance(connect.site, Site)
    connect.transcript.add("ana", "→", f'POST /tasks/ {{"duration": {duration}}}')
    task: object = connect.site.post("/tasks/", {"duration": duration}).json()["id"]
    connect.transcript.add("ana", "←", "HTTP 201")
    return task


def _cancel(connect: Connect) -> None:
    assert isinstance(connect.site, Site)
    path = f"/tasks/{_make_task(connect, 60)}/"
    ana = HttpSession("ana", connect.site, connect.transcript)
    for request in (ana.get, ana.delete, ana.get, ana.delete):
        request(path)


def _progress(connect: Connect) -> None:
    with connect("/ws/tasks/") as ana, connect("/ws/tasks/") as ben:
        task = _make_task(connect, 2)
        ana.send_json({"group": f"task-{task}"})
        for _ in range(3):  # up to 50 percent
            ana.receive()
        ben.send_json({"group": f"task-{task}"})
        for member in (ben, ben, ana, ben, ana, ben):
            member.receive()


def _watch(connect: Connect) -> None:
    assert isinstance(connect.site, Site)
    with connect("/ws/events/", name="a visitor") as visitor:
        visitor.send_json({"command": "watch", "section": "tasting"})
        student = f"s{4 - visitor.receive_json()['free']}"  # another one in the second run
        connect.transcript.add(student, "→", f"POST /registrations/ {student} for tasting")
        connect.site.post("/registrations/", {"student": student, "section": "tasting"})
        visitor.receive()
        visitor.send_json({"command": "watch", "section": "napping"})
        visitor.receive()


def _announce(connect: Connect) -> None:
    assert isinstance(connect.site, Site)
    cleo = HttpSession("cleo", connect.site, connect.transcript)
    with connect("/ws/chat/tea/") as ana, connect("/ws/chat/coffee/") as ben:
        cleo.post("/announce/", {"message": "The kitchen closes at five."})
        for member in (ana, ben):
            member.receive()
        cleo.post("/announce/", {"message": ""})


SCENES: dict[str, Callable[[Connect], None]] = {
    "02_sync_echo": _count,
    "03_async_echo": _race,
    "04_websocket_events": _tick,
    "05_routing": _sum,
    "07_json_messages": _calculate,
    "09_chat_sync": _type,
    "10_chat_async": _announce,
    "11_chat_security": _ticket,
    "13_task_polling": _cancel,
    "14_task_push": _progress,
    "15_course_registration": _watch,
}
# When the server of a scene sends something later than at once, as the lesson's contract has it.
DUE_MS = {
    "03_async_echo": dict.fromkeys(['"tea"', '"milk"', '"sugar"'], 300),
    "04_websocket_events": {'"1"': 100, '"2"': 200, '"3"': 300, "closed with 4008": 1300},
    "14_task_push": {
        **{f'{{"progress": {{"id": 2, "percent": {percent}}}}}': percent * 20 for percent in (25, 50, 75)},
        '{"task": {"id": 2, "status": "SUCCESS", "duration": 2.0}}': 2000,
    },
}
