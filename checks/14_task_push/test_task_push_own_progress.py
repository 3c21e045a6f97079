"""How far a task is: subscribers are told {"progress": {"id": 7, "percent": 25}}, then 50 and 75, then the end."""

import json
import time

import pytest
from task_contract import FAILURE, SUCCESS, Tasks
from task_listener import Listener

from course.errors import Unmet

FENCES = 10  # the consumer may still have to hand out what Redis has delivered
PATH = "/ws/tasks/"
STEPS = [25, 50, 75]
QUARTER_S = 0.4
LONG_S = 4 * QUARTER_S
QUICK_S = 0.1
SLACK_S = QUARTER_S  # of the two quarters between 25 and 75: the news of 25 may itself be late


@pytest.fixture
def tasks(site, transcript):
    return Tasks(site, transcript, name="tess")


@pytest.mark.own
def test_progress_is_told_while_the_work_goes_on(tasks, connect, worker):
    """While a task is at work, its subscribers and nobody else are told 25, 50 and 75 percent, and then how it ended.

    1. The worker says nothing until all of the work is done. Where in the work is there something to tell?
    2. Work that is cut into four equal parts has three moments between them. At each of them the job can do what it
       already does at the end, with an event of another type.
    3. `work` takes the seconds of a part. Send the event with `group_send`, to the group of the task. A type of its
       own needs a method of its own in the consumer.
    """
    worker.pause()
    long, bad = tasks.start(LONG_S), tasks.start(0)
    with connect(PATH, name="ana") as for_ana, connect(PATH, name="ben") as for_ben:
        ana, ben = Watcher(for_ana), Watcher(for_ben)
        ana.subscribe(long)
        ben.subscribe(bad)
        assert ana.percents(long) == [], f"Task {long} has not begun, but ana was told {ana.percents(long)} percent."
        worker.start()

        ana.hears_percent(long, STEPS[0])
        first = time.monotonic()
        ana.hears_percent(long, STEPS[-1])
        between = time.monotonic() - first
        ana.hears_end_of(long)
        worker.is_done()
        ben.hears_end_of(bad)
        ben.has_heard_once(bad, FAILURE)
        for watcher in (ana, ben) * FENCES:
            watcher.is_refused("{}")
        assert ana.percents(long) == STEPS, f"ana was told {ana.percents(long)} percent, not {STEPS}."
        late = f"25 and 75 percent of {LONG_S:g} s of work were told {between:.2f} s apart."
        assert between > 2 * QUARTER_S - SLACK_S, late
        assert not ben.progress, f"ben, who waits for a task that fails at once, was told {json.dumps(ben.progress)}."


@pytest.mark.own
def test_who_comes_late_is_told_how_far_it_is(tasks, connect, worker):
    """Anyone who subscribes in the middle is told at once how far the task is. After the end, only the end is told.

    1. A group remembers nothing. What did the lesson do for a client that came after the end?
    2. The worker has to write down how far it is, before it tells anyone, in a place where the web process can read it.
       A variable belongs to one process, and so does Django's default cache.
    3. Redis is there for both: `django_rq.get_connection()` returns a client with `set` and `get`. First join,
       then look.
    """
    worker.is_done()
    with connect(PATH, name="ana") as for_ana, connect(PATH, name="ben") as for_ben:
        ana, ben = Watcher(for_ana), Watcher(for_ben)
        worker.pause()
        ana.subscribe(task := tasks.start(LONG_S))
        worker.start()
        ana.hears_percent(task, STEPS[1])
        worker.kill()  # so that nothing is pushed any more
        ben.subscribe(waiting := tasks.start(QUICK_S))
        ben.subscribe(task)
        ben.is_refused("{}")
        told = ben.percents(task)
        assert told, f"Task {task} is half done. ben has subscribed to it, and was not told how far it is."
        assert told[0] in STEPS[1:], f"Task {task} is half done, but ben was told {told[0]} percent."
        assert not ben.percents(waiting), f"Task {waiting} has not begun, but ben was told how far it is."

        worker.start()
        tasks.ends_with(task, SUCCESS)
        ben.hears_end_of(waiting)
        both = f"ben waits for two tasks. Of task {waiting}, he was told {ben.percents(waiting)} percent, not {STEPS}."
        assert ben.percents(waiting) == STEPS, both
        with connect(PATH, name="cleo") as for_cleo:
            cleo = Watcher(for_cleo)
            cleo.subscribe(task)
            cleo.hears_end_of(task)
            for _ in range(FENCES):
                cleo.is_refused("{}")
            assert not cleo.progress, f"Task {task} has ended, but cleo was told {json.dumps(cleo.progress[0])}."
        worker.kill()


@pytest.mark.own
def test_progress_never_goes_back(tasks, connect, worker):
    """If a killed worker's task begins again, no connection is told a smaller number than it was told before.

    1. The second job knows nothing of the first one, and begins with the first part. Who knows what has been told?
    2. Either the consumer remembers the last number of each task for its client, or the job compares with what is
       written down. Whoever remembers it for a connection must keep it on that connection.
    3. Keep a dictionary on `self`, made in `connect`, and compare before each `send_json`. Accept the connection there.
    """
    worker.is_done()
    with connect(PATH, name="ana") as for_ana, connect(PATH, name="ben") as for_ben:
        ana, ben = Watcher(for_ana), Watcher(for_ben)
        worker.pause()
        ana.subscribe(task := tasks.start(LONG_S))
        worker.start()
        ana.hears_percent(task, STEPS[1])
        worker.kill()
        ben.subscribe(task)
        worker.start()
        worker.has_begun()
        worker.is_done()
        for watcher in (ana, ben):
            watcher.hears_end_of(task)
            watcher.has_heard_once(task, SUCCESS)
            told = watcher.percents(task)
            assert told == sorted(told), f"{watcher.name} was told {told} percent, which goes back."
            assert told[-1:] == STEPS[-1:], f"{watcher.name} was told {told} percent, and then the end."


class Watcher(Listener):
    """A listener who keeps what it hears of progress as well."""

    def __init__(self, client):
        super().__init__(client)
        self.name = client.name
        self.progress = []

    def percents(self, task_id):
        """Return the percents that were told of a task, in order."""
        return [told["percent"] for told in self.progress if told["id"] == task_id]

    def hears_percent(self, task_id, percent):
        """Wait until a task is told to be this far."""
        while percent not in self.percents(task_id):
            over = [end["status"] for end in self.ends if end["id"] == task_id]
            assert not over, f"{self.name} was told {over[0]}, and before that not {percent} percent."
            self._next()

    def _next(self):
        frame = super()._next()
        if "progress" in frame:
            self._keep_progress(frame["progress"])
        return frame

    def _keep_progress(self, told):
        wanted = '{"id": …, "percent": 25, 50 or 75}'
        if not isinstance(told, dict) or told.get("percent") not in STEPS or "id" not in told:
            raise Unmet(f"{self.name} was told of progress in another shape.", expected=wanted, got=json.dumps(told))
        over = any(end["id"] == told["id"] for end in self.ends)
        assert not over, (
            f"{self.name} was told how task {told['id']} ended, and then that it is at {told['percent']} %."
        )
        self.progress.append(told)
