"""The scenes that the wire players show, a few steps each: what is said next waits for what is heard before.

So the order is the same in every run. A scene that is named like a mistake of the lesson is played twice, on the
solution and on the solution with that mistake, and ends where the mistake shows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus

from course.authoring.pages.stage import Play, Stage
from course.testbed.deadlines import comes_true
from course.testbed.servers.sqlite_locks import SqliteDatabase

EVIL = "https://evil.example"
TEA = "/ws/chat/tea/"
WORKS_S = 5.0


@dataclass(frozen=True)
class Scene:
    """A scene; `grain_ms` is what its times are multiples of, where the server takes its time on purpose."""

    play: Play
    title: str = ""  # where it is played on the solution alone
    grain_ms: int = 0


def _knock(stage: Stage) -> None:
    with stage.connect("/ws/sc/") as ana:
        ana.send("tea")
        stage.must(ana.receive() == "tea")
        ana.close()


def _photo(stage: Stage) -> None:
    with stage.connect("/ws/sc/") as ana:
        for frame in ("tea", b"\x89PNG", ""):
            ana.send(frame)
            if frame:
                stage.must(ana.receive() == frame)
        ana.send("more tea")
        stage.must(ana.receive() == "more tea")
        ana.close()


def _while_one_waits(stage: Stage) -> None:
    with stage.connect("/ws/ac/") as ana:
        ana.send("tea")
        with stage.connect("/ws/ac/") as ben:
            ana.receive()
            ben.send("milk")
            ben.receive()


def _closed_shop(stage: Stage) -> None:
    with stage.connect("/ws/closed/") as ana:
        stage.must(ana.close_code == 4001)


def _longer_paths(stage: Stage) -> None:
    with stage.connect("/ws/hello/ana/") as ana:
        ana.receive()
        ana.close()
    stage.connect.refused("/tea/ws/hello/ben/")


def _type_and_enter(stage: Stage) -> None:
    ana = stage.open_page("/", "ana")
    ana.waits_for_attribute("#status", "data-state", "open")
    for typed, shown in (("tea", ["tea"]), ("milk", ["tea", "milk"])):
        ana.type("#message", typed)
        ana.press("Enter")
        ana.waits_for_texts("#log li", shown)


def _not_json(stage: Stage) -> None:
    with stage.connect(TEA) as ana:
        ana.send_json({"message": "Is there any tea?"})
        ana.receive()
        ana.send("tea")
        stage.must("error" in json.loads(ana.receive()))
        ana.send_json({"message": "In the kitchen."})
        ana.receive()
        ana.close()


def _one_room_page(stage: Stage) -> None:
    ana = stage.open_page("/chat/tea/", "ana")
    ana.waits_for_socket(TEA)
    ana.type("#chat-message-input", "Is there any tea?")
    ana.press("Enter")
    ana.waits_for_log("#chat-log", "Is there any tea?")


def _room(stage: Stage) -> None:
    with stage.connect(TEA) as ana, stage.connect(TEA) as ben:
        for speaker, text in ((ana, "Is there any tea?"), (ben, "In the kitchen.")):
            speaker.send_json({"message": text})
            for member in (ana, ben):
                member.receive()
        ana.close()
        ben.close()


def _two_windows(stage: Stage) -> None:
    pages = []
    for name in ("ana", "ben"):
        pages.append(stage.open_page("/chat/tea/", name))
        pages[-1].waits_for_socket(TEA)
    for page, text in zip(pages, ("Is there any tea?", "In the kitchen."), strict=True):
        page.type("#chat-message-input", text)
        page.press("Enter")
        for other in pages:
            other.waits_for_log("#chat-log", text)


def _two_rooms(stage: Stage) -> None:
    with stage.connect(TEA) as ana, stage.connect(TEA) as ben, stage.connect("/ws/chat/garden/") as cleo:
        for speaker, text, members in ((ana, "Is there any tea?", (ana, ben)), (cleo, "It rains.", (cleo,))):
            speaker.send_json({"message": text})
            for member in members:
                member.receive()


def _foreign_page(stage: Stage) -> None:
    headers = stage.logged_in("ana").headers
    with stage.connect(TEA, name="ana", headers=headers) as ana:
        ana.send_json({"message": "Is there any tea?"})
        ana.receive()
        ana.close()
    stage.connect.refused(TEA, origin=EVIL, headers=headers)


def _task(stage: Stage) -> None:
    worker = stage.bed.worker
    worker.is_done()
    worker.pause()
    stage.ask("ana", "POST", "/tasks/", {"duration": 1})
    answer = stage.ask("ana", "GET", "/tasks/1/")
    stage.must(answer.json()["status"] == "PENDING", answer)
    worker.start()
    worker.is_done()
    stage.hear()
    stage.ask("ana", "GET", "/tasks/1/")


def _comes_late(stage: Stage) -> None:
    stage.bed.worker.start()
    stage.ask("ana", "POST", "/tasks/", {"duration": 0.1})
    stage.bed.worker.is_done()
    stage.hear()
    with stage.connect("/ws/tasks/", name="ana") as ana:
        ana.send_json({"group": "task-1"})
        for _ in range(2):
            ana.receive()
        ana.close()


def _only_ones_own(stage: Stage) -> None:
    students = [stage.connect("/ws/events/", name=name, headers=stage.logged_in(name).headers) for name in ("s1", "s2")]
    for student in students:
        student.send_json({"command": "subscribe", "student": student.name})
        student.receive()
    stage.ask("office", "POST", "/registrations/", {"student": "s1", "section": "tasting"})
    students[0].receive()
    students[1].send_json({"command": "unsubscribe", "student": "s2"})
    heard = students[1].receive()
    stage.must(json.loads(heard)["type"] == "unsubscribe", heard)


def _while_she_joins(stage: Stage) -> None:
    worker, redis = stage.bed.worker, stage.bed.redis
    worker.start()
    with stage.connect("/ws/tasks/", name="ana") as ana:
        stage.ask("tess", "POST", "/tasks/", {"duration": 0.8})
        worker.has_begun()
        stage.must(comes_true(lambda: worker.waiting == 0, WORKS_S))
        with redis.stalled():
            stage.note("Redis", "is held up from here")
            ana.send_json({"group": "task-1"})
            stage.must(comes_true(lambda: redis.held_up() > 0, WORKS_S))
            stage.must(comes_true(lambda: "PENDING" not in stage.site.get("/tasks/1/").text, WORKS_S))
            stage.ask("tess", "GET", "/tasks/1/")
            stage.note("worker", "is killed before it can tell the group")
            worker.kill()
            stage.note("Redis", "answers again")
        for _ in range(2):
            ana.receive()


def _killed_worker(stage: Stage) -> None:
    worker = stage.bed.worker
    worker.start()
    with stage.connect("/ws/tasks/", name="ana") as ana:
        worker.pause()
        stage.ask("ana", "POST", "/tasks/", {"duration": 0.5})
        ana.send_json({"group": "task-1"})
        ana.receive()
        worker.start()
        worker.has_begun()
        stage.hear()
        stage.note("worker", "is killed in the middle of the job")
        worker.kill()
        stage.note("worker", "is started again")
        worker.start()
        stage.must("SUCCESS" in str(ana.receive()))
        worker.is_done()


def _two_tabs(stage: Stage) -> None:
    headers = stage.logged_in("ana").headers
    with (
        stage.connect(TEA, name="ana", headers=headers) as first,
        stage.connect(TEA, name="ana's other tab", headers=headers) as second,
    ):
        second.send_json({"message": "Is there any tea?"})
        for tab in (second, first):
            tab.receive()


def _before_the_commit(stage: Stage) -> None:
    database = SqliteDatabase(stage.bed.folder)
    with stage.connect("/ws/events/", name="s1", headers=stage.logged_in("s1").headers) as student:
        student.send_json({"command": "subscribe", "student": "s1"})
        student.receive()
        with database.commits_wait():
            stage.note("the database", "lets commits wait from here")
            registration = {"student": "s1", "section": "tasting"}
            registering = stage.later(lambda: stage.ask("office", "POST", "/registrations/", registration))
            stage.must(database.saw_a_commit_wait(registering.done, WORKS_S))
            stage.must(comes_true(lambda: not stage.bed.redis.undelivered(), WORKS_S))
            student.send_json({"command": "anything"})
            heard = student.receive()
            stage.must("SUCCESS" not in str(heard), heard)
            stage.note("the database", "commits")
        registering.result()
        student.receive()


def _rolling_restart(stage: Stage) -> None:
    topology = stage.bed.topology
    stage.leave_jobs_out()
    for number, student in enumerate(("s1", "s2")):
        stage.hear()
        stage.note(f"Daphne {number + 1}", "is stopped")
        topology.stop(number)
        answer = stage.ask("office", "POST", "/registrations/", {"student": student, "section": "tasting"}, topology)
        stage.must(answer.status == HTTPStatus.CREATED, answer)
        topology.start(number)
        stage.note(f"Daphne {number + 1}", "is started again")


def _comes_back(stage: Stage) -> None:
    page = stage.open_page("/", "s1", cookies=stage.logged_in("s1").cookies)
    page.settle()
    page.click("#subscribe")
    page.waits_for_count("#events [data-type=subscribe]", 1)
    stage.hear()
    stage.note("server", "is killed")
    stage.site.stop()
    page.waits_for_refusals(1)
    stage.note("s1", "tries to come back")
    stage.note("server", "is started again, on the same port")
    stage.site.start_again()
    stage.must(comes_true(lambda: page.count("#events [data-type=subscribe]") > 1, 2 * WORKS_S))


def _two_daphnes(stage: Stage) -> None:
    topology = stage.bed.topology
    stage.leave_jobs_out()
    first, second = topology.daphnes
    headers = stage.logged_in("s1", topology).headers
    with stage.connect("/ws/events/", name="s1", headers=headers, site=first) as student:
        student.send_json({"command": "subscribe", "student": "s1"})
        student.receive()
        stage.ask("office", "POST", "/registrations/", {"student": "s1", "section": "tasting"}, second)
        student.receive()
        student.close()


SCENES: dict[tuple[str, str], Scene] = {
    ("02_sync_echo", "never-accepts"): Scene(_knock),
    ("02_sync_echo", "reads-text-from-a-binary-frame"): Scene(_photo),
    ("03_async_echo", "time-sleep-in-a-coroutine"): Scene(_while_one_waits, grain_ms=300),
    ("04_websocket_events", "closes-with-a-code-before-accepting"): Scene(_closed_shop),
    ("05_routing", "route-without-an-end"): Scene(_longer_paths),
    ("06_browser_client", "sends-an-object"): Scene(_type_and_enter),
    ("07_json_messages", "trusts-every-text"): Scene(_not_json),
    ("08_chat_pages", "sends-text-that-is-not-json"): Scene(_one_room_page),
    ("09_chat_sync", "no-async-to-sync"): Scene(_room),
    ("09_chat_sync", "two-windows"): Scene(_two_windows, "Two windows in one room"),
    ("10_chat_async", "no-await-at-accept"): Scene(_room),
    ("11_chat_security", "no-origin-check"): Scene(_foreign_page),
    ("11_chat_security", "one-place-for-each-person"): Scene(_two_tabs),
    ("12_chat_tests", "two-rooms"): Scene(_two_rooms, "Two in one room, a third in another"),
    ("13_task_polling", "does-the-work-in-the-request"): Scene(_task),
    ("14_task_push", "trusts-the-group-to-remember"): Scene(_comes_late),
    ("14_task_push", "looks-before-it-joins"): Scene(_while_she_joins),
    ("14_task_push", "trusts-rq-to-find-the-job-again"): Scene(_killed_worker),
    ("15_course_registration", "tells-at-the-end-of-the-block"): Scene(_before_the_commit),
    ("15_course_registration", "one-group-for-all-students"): Scene(_only_ones_own),
    ("16_rxjs_client", "no-retry"): Scene(_comes_back),
    ("17_deployment", "nobody-asks-the-next-one"): Scene(_rolling_restart),
    ("17_deployment", "two-daphnes"): Scene(_two_daphnes, "The office asks one Daphne, the other one tells"),
}
