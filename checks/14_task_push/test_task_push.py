"""The job tells the page: `ws/tasks/` tells subscribers of `task-<id>` how the task has ended."""

import json
import re

import pytest
from task_contract import FAILURE, PENDING, SUCCESS, Tasks
from task_listener import Listener
from task_page import LINE, in_state, made

from course.errors import Unmet
from course.testbed.clients.websocket_client import Closed
from course.testbed.deadlines import comes_true

FENCES = 10  # the consumer may still have to hand out what Redis has delivered
PATH = "/ws/tasks/"
QUICK_S = 0.1
SLOW_S = 0.4  # long enough to subscribe meanwhile
LONG_S = 0.8  # long enough to hold the subscription up meanwhile
LOOKED_S = 2 * LONG_S  # after which two jobs of that length have come to their ends; SQLite lets them wait for 5 s
BACK_UNITS = 10.0
SHORTEST_S = 0.1  # of a pause between two attempts
ARABIC_DIGITS = str.maketrans("0123456789", "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669")


@pytest.fixture
def tasks(site, transcript):
    return Tasks(site, transcript, name="tess")


def test_a_subscription_is_answered(tasks, connect):
    """{"group": "task-7"} subscribes and is answered with {"detail": "Added to group task-7."}.

    1. tasks/routing.py names the consumer for ws/tasks/, and tasks/consumers.py is where it answers.
    2. An AsyncJsonWebsocketConsumer calls receive_json(content) for each message from the browser. Answer with await
       self.send_json(…).
    3. group = content.get("group"); await self.channel_layer.group_add(group, self.channel_name);
       await self.send_json({"detail": f"Added to group {group}."})
    """
    task = tasks.start(QUICK_S)
    with connect(PATH) as client:
        ana = Listener(client)
        ana.subscribe(task)
        ana.subscribe(task)  # a client that is not sure asks again


def test_the_end_is_pushed(tasks, connect, worker):
    """Every subscriber is told when the job ends: {"task": {"id": 7, "status": "SUCCESS", …}}.

    1. The worker is a separate process and has no WebSocket. How can it reach the consumer?
    2. The job sends an event to the task's group, and the type of the event names the consumer's method.
    3. async_to_sync(get_channel_layer().group_send)(f"task-{task.id}", {"type": "task.status", "task":
       TaskSerializer(task).data}); and in the consumer async def task_status(self, event): await
       self.send_json({"task": event["task"]})
    """
    task = tasks.start(SLOW_S)
    with connect(PATH) as client:
        ana = Listener(client)
        ana.subscribe(task)

        end = ana.hears_end_of(task)
        assert tasks.status(task) == SUCCESS
    assert end == {**end, "id": task, "status": SUCCESS, "duration": SLOW_S}


def test_two_tasks_do_not_mix(tasks, connect, worker, redis):
    """A client hears of the tasks that it has subscribed to and of no others, and without a subscription of none.

    1. Which consumers are in the group that the job sends to? And which connection owns the list of groups?
    2. Each task has its own group, whose name contains the task's id. Keep nothing that belongs to one connection on
       the class, where the next connection would find it.
    3. f"task-{task.id}", in the consumer and in the job; self.groups.append(group), and no groups = [] on the class.
    """
    worker.is_done()
    worker.pause()
    with connect(PATH, name="ana") as for_ana:
        ana = Listener(for_ana)
        ana.subscribe(hers := tasks.start(QUICK_S))
        with connect(PATH, name="ben") as for_ben, connect(PATH, name="cleo") as for_cleo:
            ben, cleo = Listener(for_ben), Listener(for_cleo)
            ben.subscribe(his := tasks.start(2 * QUICK_S))
            both = tasks.start(0)
            for listener in (ana, ben):
                listener.subscribe(both)
            worker.start()
            for listener in (ana, ben):
                listener.hears_end_of(both)
                listener.has_heard_once(both, FAILURE)
            worker.is_done()
            comes_true(lambda: not redis.undelivered(), 3)
            for listener in (ana, ben, cleo) * FENCES:
                listener.is_refused("{}")

            assert not cleo.told_of, "cleo has not subscribed to anything, but was told of a task."
            assert ana.told_of == {hers, both}
            assert ben.told_of == {his, both}


def test_each_end_is_told_once(tasks, connect, worker):
    """A task that succeeds and one that fails are each told exactly once.

    1. A task can end in two ways. What does the code send in each case?
    2. Save the status and push in one function, and call it in both cases.
    3. except Exception: end(task_id, Task.FAILURE); raise. And after the try: end(task_id, Task.SUCCESS)
    """
    worker.pause()
    good, bad = tasks.start(QUICK_S), tasks.start(0)
    with connect(PATH) as client:
        ana = Listener(client)
        ana.subscribe(good)
        ana.subscribe(bad)
        worker.start()
        last = tasks.start(QUICK_S)
        ana.subscribe(last)

        ana.hears_end_of(last)
        ana.has_heard_once(good, SUCCESS)
        ana.has_heard_once(bad, FAILURE)


def test_who_comes_late_is_told(tasks, connect, worker):
    """Anyone who subscribes after the task has ended is told once how it ended.

    1. Start a task of 0.1 s, wait, and then subscribe. Will anything ever come?
    2. A group keeps nothing: anything sent before you joined is gone. But the database knows.
    3. After group_add, read the task again, and send {"task": …} if it is no longer PENDING.
    """
    good, bad = tasks.start(QUICK_S), tasks.start(0)
    tasks.ends_with(bad, FAILURE)
    tasks.ends_with(good, SUCCESS)
    worker.is_done()  # an end is saved first and pushed then: whoever joins in between may be told twice
    with connect(PATH) as client:
        ana = Listener(client)
        ana.subscribe(good)
        end = ana.hears_end_of(good)
        assert end == {**end, "id": good, "status": SUCCESS, "duration": QUICK_S}

        ana.subscribe(bad)
        assert ana.hears_end_of(bad)["status"] == FAILURE

        ana.is_refused("{}")
        ana.has_heard_once(good, SUCCESS)
        ana.has_heard_once(bad, FAILURE)


def test_an_end_while_one_joins_is_told(tasks, connect, worker, redis):
    """If a task ends while its subscriber is joining the group, the subscriber is told all the same.

    1. Time passes between two lines of your consumer. What if the task ends between the look and the group_add?
    2. Join first, then look. If the task ended before the join, the database says so. If it ends later, the group
       gets it.
    3. await self.channel_layer.group_add(group, self.channel_name), then await task.arefresh_from_db(), and only then
       read task.status.
    """
    worker.is_done()
    with connect(PATH) as client:
        ana = Listener(client)
        task = tasks.start(LONG_S)
        worker.has_begun()
        works = comes_true(lambda: worker.waiting == 0, 3)
        with redis.stalled():
            ana.asks_for(task)  # her consumer has to wait for Redis, in the middle of its work
            waits = works and comes_true(lambda: redis.held_up() > 0, 1)
            if waits and comes_true(lambda: tasks.glance(task) != PENDING, 5):
                worker.kill()  # in the database it is written, and in the group it will never be told
        ana.is_added_to(task)

        try:
            end = ana.hears_end_of(task)
        except Closed:
            raise
        except Unmet as silence:
            told = f"Task {task} ended while ana's consumer was joining its group, but ana was not told."
            raise Unmet(told, expected=SUCCESS, got=silence.got) from None
        assert end["status"] == SUCCESS


def test_who_comes_back_is_told(tasks, connect, worker):
    """A client that loses its connection, comes back and subscribes again is told how the task has ended.

    1. A new connection is a new consumer. What does it share with the previous one?
    2. Keep nothing that belongs to one connection on the class or in the module.
    3. Join the group and send the state for each {"group": …}, whatever was sent before.
    """
    worker.pause()
    task = tasks.start(QUICK_S)
    with connect(PATH, name="ana") as client:
        Listener(client).subscribe(task)
    worker.start()
    tasks.ends_with(task, SUCCESS)

    with connect(PATH, name="ana again") as client:
        ana = Listener(client)
        ana.subscribe(task)
        assert ana.hears_end_of(task)["status"] == SUCCESS


def test_another_group_is_refused(tasks, connect, worker):
    """Anything except {"group": "task-<id>"} with a task's id gets {"error": why}, and the connection stays open.

    1. A client that can name any group can listen to everything that your server ever sends to a group.
    2. re.fullmatch(r"task-([0-9]+)", group) parses a name, or returns None. The group may also not be a string, the
       message not an object, the frame not JSON, and the number not that of a task.
    3. Answer await self.send_json({"error": …}) and return, before group_add.
    """
    task = tasks.start(SLOW_S)
    name = f"task-{task}"
    groups = ["chat", "tasks", "task", "task-", "task-x", "task--1", "task-1.5", name.upper(), f"x{name}", f"{name}x"]
    groups += [f"{name} ", f" {name}", f"task- {task}", f"{name}\n", f"task-+{task}", f"{name}.0", f"{name}/"]
    groups += [name.translate(ARABIC_DIGITS), "task-0", "task-987654321", f"task-{'9' * 120}"]
    groups += ["task-\ud83c", f"{name}\ud83c"]  # half an emoji
    groups += ["", None, 0, 7, task, True, [name], {"id": task}, {"group": name}]
    frames = [json.dumps({"group": group}) for group in groups]
    frames += [json.dumps([name]), json.dumps({"Group": name}), json.dumps({"task": task})]
    frames += ["{}", "[]", "7", "null", '"task"', name, "", "[" * 100_000, b"\xff\x00"]
    with connect(PATH) as client:
        ana = Listener(client)
        for frame in frames:
            if frame:  # Daphne does not pass on an empty text
                ana.is_refused(frame)
        ana.subscribe(task)
        ana.hears_end_of(task)


def test_who_has_left_is_in_no_group(tasks, connect, site, redis, worker):
    """A client that has left is no longer in any group.

    1. Redis keeps the members of a group for a day, unless your code removes them.
    2. Either leave each group in disconnect(), or let the base class do it: it leaves all groups in self.groups.
    3. self.groups.append(group), next to group_add.
    """
    before = redis.members()
    worker.pause()  # Daphne ends a consumer that speaks to a client who is gone, and never calls its disconnect
    first, second = tasks.start(QUICK_S), tasks.start(QUICK_S)
    with connect(PATH) as client:
        ana = Listener(client)
        ana.subscribe(first)
        ana.subscribe(second)
        ana.is_refused("{}")  # so that all of the answers have been sent
    site.consumers_end()

    left_behind = len(redis.members() - before)
    assert left_behind == 0, "ana has left, but her channel is still in a group on Redis."


def test_the_push_waits_for_the_commit(tasks, connect, worker, database, redis):
    """The end is pushed only after it has been committed to the database.

    1. A client that gets SUCCESS and then asks for the task must not see PENDING.
    2. Outside a transaction, each save() and update() is committed when it returns. Inside transaction.atomic(), it
       is committed at the end of the block.
    3. Push after the block, or with transaction.on_commit(…).
    """
    worker.is_done()  # so that no other job is the one whose commit waits
    worker.pause()
    task = tasks.start(QUICK_S)
    with connect(PATH) as client:
        ana = Listener(client)
        ana.subscribe(task)
        with database.commits_wait():
            worker.start()
            is_open = database.saw_a_commit_wait(lambda: worker.idle, 10)
            comes_true(lambda: not redis.undelivered(), 3)
            for _ in range(FENCES):
                ana.is_refused("{}")  # an answer that needs no database
            early = [*ana.ends] if is_open else []
        assert not early, "ana was told how the task has ended, but it was not in the database yet."

        ana.hears_end_of(task)


def test_a_killed_worker_loses_nothing(tasks, connect, worker, second_worker, database):
    """When a worker is killed with -9 in the middle of a job and started again, each task's end is pushed once.

    1. The job is gone with its worker, and for minutes RQ believes that it is running. But one place still knows what
       has to be done.
    2. It is the database: a task that is PENDING when a worker starts needs a job. It may already have one, so a job
       must do no harm when it runs a second time.
    3. In TaskWorker.work: enqueue a job for each PENDING task, then return super().work(…). In the job:
       Task.objects.filter(id=task_id, status=Task.PENDING).update(status=…) returns 1 for the first one only.
    """
    with connect(PATH) as client:
        ana = Listener(client)
        worker.is_done()
        worker.pause()  # until she has subscribed
        first, second, good, bad = [tasks.start(duration) for duration in (SLOW_S, SLOW_S, QUICK_S, 0)]
        for task in (first, second, good, bad):
            ana.subscribe(task)
        for _ in (first, second):  # so both have lost their job, and the others may get one more
            worker.start()
            worker.has_begun()
            worker.kill()
        worker.start()
        last = tasks.start(QUICK_S)
        ana.subscribe(last)
        ana.hears_end_of(last)

        for task in (first, second):
            lost = f"The worker was killed in the middle of task {task}, and no worker has done it since."
            assert any(end["id"] == task for end in ana.ends), lost
        for task in (first, second, good):
            ana.has_heard_once(task, SUCCESS)
        ana.has_heard_once(bad, FAILURE)
        worker.is_done()
        times = sum("ZeroDivisionError" in error for error in worker.crashed)
        assert times < 2, f"Task {bad} had already ended when its second job began, but all of its work was done again."

        worker.pause()
        second_worker.start()
        second_worker.pause()
        ana.subscribe(both := tasks.start(LONG_S))
        worker.double()
        for each in (worker, second_worker):
            each.start()
        if comes_true(lambda: worker.running == 2, 3):
            with database.writers_wait():  # who looks before it writes has looked by the time that it may write
                client.stays_open(LOOKED_S)
        worker.is_done()
        for _ in range(FENCES):
            ana.is_refused("{}")
        ana.has_heard_once(both, SUCCESS)


def test_the_page_shows_the_end_without_asking(open_page, worker, site):
    """The page shows PENDING, then SUCCESS or FAILURE, each task on its own line, and does not ask once.

    1. The page needs a WebSocket, and has to say which task it wants to hear about.
    2. new WebSocket("/ws/tasks/"); after creating the task, socket.send(JSON.stringify({ group: `task-${task.id}`
       })); and in "message": show(JSON.parse(event.data).task), if there is one.
    3. Remove ask(), and call subscribe(`task-${task.id}`) in its place, after show(task).
    """
    page = open_page("/")
    page.type("#duration", str(SLOW_S))
    page.click("#start")

    page.waits_for_attribute(LINE, "data-state", SUCCESS)
    assert page.history(LINE, "data-state") == [PENDING, SUCCESS]

    worker.pause()
    for number, duration in enumerate([0, QUICK_S], 2):
        page.type("#duration", str(duration))
        page.click("#start")
        page.waits_for_count(LINE, number)
    worker.start()
    page.waits_for_count(in_state(SUCCESS), 2)
    page.waits_for_count(in_state(FAILURE), 1)
    assert page.count(LINE) == 3
    assert made(site) == 3, f"#start was pressed 3 times, but the page has made {made(site)} tasks."
    assert polls(site) == 0, f"The page has asked {polls(site)} times whether the task is done."
    assert page.text("#requests") == "0"
    assert page.errors == []


def test_the_page_misses_nothing_while_it_connects(open_page, worker, site):
    """A task that ends while the page is still connecting is shown as soon as it is connected.

    1. send() throws while the socket is connecting. What subscribes to that task later?
    2. Use the socket's "open" event. Which tasks are still PENDING on the page at that moment?
    3. In "open": subscribe(line.id) for each line with data-state="PENDING".
    """
    page = open_page("/", hold_sockets=True)
    page.type("#duration", "0")
    page.click("#start")
    page.waits_for_attribute(LINE, "data-state", PENDING)
    worker.is_done()
    assert page.errors == []

    page.release_sockets()
    page.waits_for_attribute(LINE, "data-state", FAILURE)
    assert polls(site) == 0, f"The page has asked {polls(site)} times whether the task is done."

    slow = open_page("/", name="ben", hold_sockets=True)
    slow.type("#duration", "0")
    slow.click("#start")
    slow.waits_for_count(LINE, 1)
    slow.let_time_pass(BACK_UNITS)
    assert slow.errors == [], f"The page has been connecting for a long time, and its script failed: {slow.errors[0]}"


def test_the_page_comes_back(open_page, worker, site):
    """A page that has lost its connection reconnects, and shows how the task has ended in the meantime.

    1. A closed WebSocket stays closed. What opens the next one?
    2. The "close" event comes whenever a connection ends or can't be made. A second later, the server may be there.
    3. socket.addEventListener("close", () => setTimeout(connect, 1000)); and "open" subscribes to all PENDING tasks.
    """
    worker.pause()
    page = open_page("/")
    for number, duration in enumerate([QUICK_S, 0], 1):
        page.type("#duration", str(duration))
        page.click("#start")
        page.waits_for_count(in_state(PENDING), number)
    page.waits_for_socket(PATH)
    subscribed = comes_true(lambda: any(socket.sent for socket in page.sockets), 3)
    assert subscribed, "The page has sent nothing over its WebSocket."
    known = len(page.sockets)
    page.hold_sockets()
    page.cut_sockets()
    worker.start()
    worker.is_done()

    is_back = comes_true(lambda: len(page.sockets) > known, BACK_UNITS)
    assert is_back, "The page has lost its connection, but has not tried to connect again."
    page.release_sockets()
    page.waits_for_count(in_state(SUCCESS), 1)
    page.waits_for_count(in_state(FAILURE), 1)
    assert page.count(LINE) == 2
    assert polls(site) == 0, f"The page has asked {polls(site)} times whether the task is done."

    site.stop()
    known, have_been_open = page.refusals, page.attempts - page.refusals
    first, _, third = page.waits_for_refusals(known + 3)[known : known + 3]
    page.hold_sockets()
    page.let_time_pass(BACK_UNITS)
    at_once = page.attempts - page.refusals - have_been_open
    site.start_again()
    no_pause = third - first < 2 * SHORTEST_S
    assert not no_pause, "The server is away, and the page tries to connect again and again, without a pause."
    assert at_once <= 1, f"The server was away for a while, and the page now opens {at_once} connections at once."


def polls(site):
    """Return how often anybody has asked for the state of a task in this check."""
    return len(re.findall(r'"GET /tasks/[^/"\s]+/', site.log))
