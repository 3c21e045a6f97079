"""What all checks of lesson 14 listen with: a client of `ws/tasks/` that subscribes and keeps what it is told."""

import json

from task_contract import PENDING

from course.errors import Unmet
from course.testbed.clients.transcript import show

MOST_FRAMES = 1000


class Listener:
    """A client of ws/tasks/ who keeps what it hears of ends; a state that is PENDING is no end, and does no harm."""

    def __init__(self, client):
        self.ends = []
        self.told_of = set()
        self._client = client

    def subscribe(self, task_id):
        """Subscribe to a task, and be told so."""
        self.asks_for(task_id)
        self.is_added_to(task_id)

    def asks_for(self, task_id):
        """Ask for a subscription, and do not wait for the answer."""
        self._client.send_json({"group": f"task-{task_id}"})

    def is_added_to(self, task_id):
        """Wait for the answer to a subscription; it may say more."""
        answer = self._answer()
        assert "detail" in answer, f"{self._client.name} was refused: {json.dumps(answer['error'])}"
        assert answer["detail"] == f"Added to group task-{task_id}."

    def is_refused(self, frame):
        """Send something that is no subscription, and be told so."""
        self._client.send(frame)
        answer = self._answer()
        assert answer.get("error"), f"{self._client.name} sent {show(frame)}, but did not get an error that says why."

    def hears_end_of(self, task_id):
        """Return the task as it is told at its end."""
        while True:
            end = next((task for task in self.ends if task["id"] == task_id), None)
            if end:
                return end
            self._next()

    def has_heard_once(self, task_id, status):
        """Look at what was told of a task up to now."""
        told = [task["status"] for task in self.ends if task["id"] == task_id]
        times = {0: "was not told", 1: "was told"}.get(len(told), f"was told {len(told)} times")
        assert told == [status], f"{self._client.name} {times} how task {task_id} has ended."

    def _answer(self):
        for _ in range(MOST_FRAMES):
            frame = self._next()
            if "detail" in frame or "error" in frame:
                return frame
        raise Unmet(f"{self._client.name} heard {MOST_FRAMES} frames, but no answer among them.")

    def _next(self):
        frame = self._client.receive_json()
        if not isinstance(frame, dict):
            raise Unmet(f"{self._client.name} heard something that is not an object.", got=json.dumps(frame))
        if "task" in frame:
            self._keep(frame["task"])
        return frame

    def _keep(self, task):
        if not isinstance(task, dict) or not {"id", "status", "duration"} <= set(task):
            wanted = '{"id": …, "status": …, "duration": …}'
            raise Unmet(f"{self._client.name} got something that is not a task.", expected=wanted, got=json.dumps(task))
        self.told_of.add(task["id"])
        if task["status"] != PENDING:
            self.ends.append(task)
