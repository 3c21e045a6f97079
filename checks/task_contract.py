"""What lessons 13 and 14 both ask of tasks: their HTTP, with a line on the timeline for each request.

`POST /tasks/ {"duration": seconds}` makes a task, `GET /tasks/<id>/` tells its state. A task may say more than `id`,
`status` and `duration`.
"""

import json
from concurrent.futures import ThreadPoolExecutor

from course.errors import Unmet
from course.testbed.clients.transcript import show
from course.testbed.deadlines import comes_true

END_UNITS = 5.0
PENDING, SUCCESS, FAILURE = "PENDING", "SUCCESS", "FAILURE"


class Tasks:
    """Somebody who makes tasks and asks for their states over HTTP."""

    def __init__(self, site, transcript, name="ana"):
        self.name = name
        self._site = site
        self._transcript = transcript

    def post(self, body):
        """POST a body and return the answer."""
        self._transcript.add(self.name, "→", f"POST /tasks/ {show(json.dumps(body))}")
        return self._told(self._site.post("/tasks/", body))

    def get(self, task_id):
        """GET a task and return the answer."""
        self._transcript.add(self.name, "→", f"GET /tasks/{task_id}/")
        return self._told(self._site.get(f"/tasks/{task_id}/"))

    def cancel(self, task_id):
        """DELETE a task and return the status of the answer."""
        self._transcript.add(self.name, "→", f"DELETE /tasks/{task_id}/")
        return self._told(self._site.http_client().request("DELETE", f"/tasks/{task_id}/")).status

    def start(self, duration):
        """Make a task that must be accepted, and return its id."""
        answer = self.post({"duration": duration})
        assert answer.status == 201, f"POST /tasks/ was answered with HTTP {answer.status}, not with 201."
        return id_of(answer)

    def start_in_background(self, duration):
        """Begin to make a task, and return a future of its id."""
        pool = ThreadPoolExecutor(1)
        future = pool.submit(self.start, duration)
        pool.shutdown(wait=False)
        return future

    def status(self, task_id):
        """Return the status of a task."""
        return self._status(self.get(task_id))

    def glance(self, task_id):
        """Return the status of a task, without a line on the timeline."""
        return self._status(self._site.get(f"/tasks/{task_id}/"))

    def is_gone(self, task_id):
        """Tell whether there is no such task any more, without a line on the timeline."""
        return self._site.get(f"/tasks/{task_id}/").status == 404

    def ends_with(self, task_id, status):
        """Wait until a task is no longer pending, and its status is this one."""
        path = f"/tasks/{task_id}/"
        self._transcript.add(self.name, "·", f"asks for {path} until it is not PENDING")
        last = []

        def ended():
            last[:] = [self.glance(task_id)]
            return last[0] != PENDING

        comes_true(ended, END_UNITS)
        self._transcript.add(self.name, "←", f"task {task_id} is {last[0]}", last)
        if last[0] != status:
            self._transcript.mark(last)
            late = f" after {END_UNITS:g} s" if last[0] == PENDING else ""
            raise Unmet(f"Task {task_id} is {last[0]}{late}.", expected=status, got=last[0])

    def _told(self, answer):
        said = f" {show(answer.text)}" if "json" in answer.headers.get("content-type", "") else ""
        self._transcript.add(self.name, "←", f"HTTP {answer.status}{said}", answer)
        return answer

    def _status(self, answer):
        if answer.status != 200:
            raise Unmet(f"A task that was made is answered with HTTP {answer.status}.", expected="200")
        return str(fields_of(answer).get("status"))


def fields_of(answer):
    """Return the fields of a task in an answer."""
    task = answer.json()
    if not isinstance(task, dict):
        raise Unmet(
            "The answer is not a task.", expected='{"id": …, "status": …, "duration": …}', got=answer.text[:100]
        )
    return task


def id_of(answer):
    """Return the id of the task in an answer."""
    found = fields_of(answer).get("id")
    assert found not in (None, ""), "The task in the answer has no id."
    return found
