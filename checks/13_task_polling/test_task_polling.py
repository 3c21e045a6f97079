"""A job, and a page that asks: tasks over HTTP, a worker that does them, and a page that polls."""

import time

import pytest
from task_contract import FAILURE, PENDING, SUCCESS, Tasks, fields_of, id_of
from task_page import LINE, asked_for, in_state, made, questions

from course.testbed.deadlines import comes_true

QUICK_S = 0.1
WORK_S = 0.4  # more than a job takes that does no work
LONG_S = 1.1  # for a page that asks every half second
LONGEST_S = 60  # the limit itself is allowed
MOST_A_SECOND = 10  # questions of a page that waits between them
NEVER_MADE = [987654321, 0]


@pytest.fixture
def tasks(site, transcript):
    return Tasks(site, transcript)


def test_a_task_is_made(tasks):
    """POST /tasks/ with a duration answers 201 and the new task: its id, PENDING, its duration.

    1. This takes three files: tasks/urls.py names the view, tasks/views.py contains it, and tasks/serializers.py says
       what a task looks like as JSON.
    2. A CreateAPIView needs a queryset and a serializer_class. A ModelSerializer needs a class Meta with a model and
       the names of its fields.
    3. path("", TasksView.as_view()); class Meta: model = Task; fields = ["id", "status", "duration"]
    """
    answer = tasks.post({"duration": QUICK_S})
    assert answer.status == 201

    task = fields_of(answer)
    assert id_of(answer)
    assert task.get("status") == PENDING
    assert task.get("duration") == QUICK_S


def test_the_state_can_be_asked_for(tasks):
    """GET /tasks/<id>/ answers the state of this task, or 404 if there is no such task.

    1. This takes a second view, at a path with the task's number in it.
    2. A RetrieveAPIView finds its object by the path's `pk`.
    3. path("<int:pk>/", TaskView.as_view()), with the same queryset and serializer_class as in TasksView.
    """
    first, second = tasks.start(QUICK_S), tasks.start(2 * QUICK_S)
    found = tasks.get(first)
    assert found.status == 200
    assert fields_of(found).get("id") == first
    assert fields_of(found).get("duration") == QUICK_S
    assert fields_of(tasks.get(second)).get("duration") == 2 * QUICK_S

    for number in NEVER_MADE:
        assert tasks.get(number).status == 404


def test_a_bad_duration_is_refused(tasks, worker):
    """A duration below 0, above 60, missing or not a number answers 400 and creates no job. 60 is allowed.

    1. The model accepts any number. The serializer checks what comes in.
    2. Meta.extra_kwargs passes arguments to the fields that a ModelSerializer creates. A FloatField has min_value and
       max_value. The limits themselves are allowed.
    3. extra_kwargs = {"duration": {"min_value": 0, "max_value": 60}}
    """
    before = worker.jobs
    numbers = [-1, -0.01, LONGEST_S + 0.01, LONGEST_S + 0.5, 1000]
    others = ["soon", "", None, [1], {"seconds": 1}]
    for body in [*({"duration": duration} for duration in numbers + others), {}, {"seconds": 1}, [1]]:
        assert tasks.post(body).status == 400
    assert worker.jobs <= before, "A task was refused, but it created a job."

    worker.pause()
    status = tasks.post({"duration": LONGEST_S}).status
    worker.drop()  # no need to wait a minute for it
    assert status == 201, f"A duration of {LONGEST_S} s is allowed, but was answered with HTTP {status}."


def test_the_worker_does_the_work(tasks, worker):
    """A job waits in the queue until a worker takes it, and then the task becomes SUCCESS.

    1. This takes two functions: create_task in tasks/jobs.py is the job, and perform_create in TasksView puts it into
       the queue.
    2. django_rq.enqueue(function, …) stores which function to call, with which arguments. The worker reads that and
       calls the function in a process of its own.
    3. task = serializer.save(); django_rq.enqueue(create_task, task_id=task.id, duration=task.duration). In the job:
       task = Task.objects.get(id=task_id); work(duration); task.status = Task.SUCCESS; task.save()
    """
    worker.is_done()
    worker.pause()
    task = tasks.start(WORK_S)
    assert tasks.status(task) == PENDING
    assert worker.waiting > 0, "The worker is paused, but no job waits for it in the queue."
    assert worker.waiting == 1, f"One task was made, but {worker.waiting} jobs wait in the queue."

    began = time.monotonic()
    worker.start()
    tasks.ends_with(task, SUCCESS)
    took_s = time.monotonic() - began
    assert took_s >= WORK_S, f"The work takes {WORK_S} s, but the task was SUCCESS after {took_s:.2f} s."
    assert fields_of(tasks.get(task)).get("duration") == WORK_S


def test_a_duration_in_quotes_does_no_harm(tasks, worker):
    """A duration that is a string, "0.1", is refused, or works like 0.1.

    1. request.data is what the client has sent. What does time.sleep("0.1") say?
    2. The serializer turns it into a number. You find that number in serializer.validated_data and in the task.
    3. Pass task.duration to the job, not request.data.get("duration").
    """
    answer = tasks.post({"duration": str(QUICK_S)})
    if answer.status != 400:
        tasks.ends_with(id_of(answer), SUCCESS)


def test_the_status_is_not_the_clients(tasks, worker):
    """A client can't choose the status or the id of a new task.

    1. A serializer reads and writes all its fields unless you say otherwise.
    2. Meta.read_only_fields names the fields that it only returns. The id is read-only by default.
    3. read_only_fields = ["status"]
    """
    worker.pause()
    answer = tasks.post({"duration": QUICK_S, "status": SUCCESS, "id": 123456})
    if answer.status != 400:
        assert fields_of(answer).get("status") == PENDING
        assert id_of(answer) != 123456
        assert tasks.status(id_of(answer)) == PENDING


def test_a_job_that_raises_is_a_failure(tasks, worker):
    """A task whose job raises an exception becomes and stays FAILURE, and the worker goes on with the next one.

    1. work() raises ZeroDivisionError for a duration of 0. What happens to the lines of your job after it?
    2. An exception ends the job at that line. try: … except Exception: … lets you record something first.
    3. except Exception: task.status = Task.FAILURE; raise. Then finally: task.save(). RQ logs the exception that you
       raise again.
    """
    bad, good, last = tasks.start(0), tasks.start(QUICK_S), tasks.start(0)

    tasks.ends_with(bad, FAILURE)
    tasks.ends_with(good, SUCCESS)
    tasks.ends_with(last, FAILURE)
    assert [tasks.status(task) for task in (bad, good)] == [FAILURE, SUCCESS]
    worker.is_done()
    assert worker.errors, f"Task {bad} has failed, but neither RQ nor the worker's log knows why."


def test_the_job_waits_for_the_commit(tasks, worker, database):
    """The job enters the queue only when the task has been committed to the database.

    1. Each request is a transaction here (ATOMIC_REQUESTS). Until it is committed, no other process can see the new
       task. A worker may be quicker than the commit.
    2. transaction.on_commit(function) calls a function without arguments after the commit, and never after a
       rollback.
    3. transaction.on_commit(partial(django_rq.enqueue, create_task, task_id=task.id, duration=task.duration))
    """
    before = worker.jobs
    with database.commits_wait():
        making = tasks.start_in_background(QUICK_S)
        database.saw_a_commit_wait(making.done, 10)
        early = 0 if making.done() else worker.jobs - before
    assert early < 1, "The job was in the queue before its task was committed, so the worker may not find the task."

    tasks.ends_with(making.result(), SUCCESS)


def test_the_page_shows_the_end(open_page, worker, site):
    """The page creates one task for each press of the button, and shows PENDING, then SUCCESS.

    1. This takes two requests: one creates the task, and the other asks for its state again and again.
    2. fetch(path, {method: "POST", headers, body}) sends JSON. setTimeout(function, 500, argument) calls a function
       later.
    3. async function ask(id): fetch /tasks/<id>/, show() the answer, and setTimeout(ask, 500, id) while it is
       PENDING.
    """
    page = open_page("/")
    page.type("#duration", "0.3")
    page.click("#start")

    page.waits_for_attribute(LINE, "data-state", SUCCESS)
    assert page.count(LINE) == 1, f"#start was pressed once, but the page shows {page.count(LINE)} tasks."
    assert made(site) == 1, f"#start was pressed once, but the page has made {made(site)} tasks."
    assert page.history(LINE, "data-state") == [PENDING, SUCCESS]
    assert page.errors == []


def test_the_page_shows_a_failure(open_page, worker):
    """The page shows a failed task as FAILURE, and shows no task for a refused duration.

    1. What does your page show for a state that is neither PENDING nor SUCCESS? And for an answer that is not a task?
    2. The server answers one of three states, and show() knows all of them. answer.ok says whether it has created a
       task.
    3. if (!answer.ok) return; in the form's listener. In ask(), call show(task) for each answer, whatever its status.
    """
    page = open_page("/")
    page.type("#duration", "61")
    page.click("#start")
    page.type("#duration", "0")
    page.click("#start")

    page.waits_for_count(in_state(FAILURE), 1)
    assert page.count(LINE) == 1, "A task of 61 s is not allowed, but the page shows one."
    uncaught = [error for error in page.errors if error.startswith("Uncaught")]
    assert not uncaught, f"A task of 61 s is not allowed, and the page's script fails on the answer: {uncaught[0]}"


def test_the_page_counts_its_questions(open_page, worker, site):
    """The page shows in #requests how often it has asked: several times for a long task, with a pause in between.

    1. count() adds one to #requests. Where does your page ask?
    2. Each GET of a task's state counts. The POST that creates the task does not. setTimeout needs the function
       itself: with brackets after its name, it is called at once.
    3. Call count() in ask(), next to its fetch(), and setTimeout(ask, 500, id) to ask again.
    """
    page = open_page("/")
    page.type("#duration", str(LONG_S))
    began = time.monotonic()
    page.click("#start")
    page.waits_for_attribute(LINE, "data-state", SUCCESS)
    took_s = time.monotonic() - began

    said = page.text("#requests")
    comes_true(lambda: questions(site) >= int(said), 1) if said.isdigit() else None
    asked = questions(site)
    assert said == str(asked), f"The page has asked {asked} times, but #requests says {said}."
    assert asked >= 2, f"The page has asked only once within {LONG_S} s."
    assert asked <= MOST_A_SECOND * took_s, f"The page has asked {asked} times within {took_s:.1f} s."


def test_the_page_stops_asking(open_page, worker, site):
    """The page stops asking for tasks that have ended, well or badly, while it asks for another one.

    1. Start a task of 0.1 s, one of 0 s, then one of 1.5 s. Look at the requests in the developer tools (F12, Network).
    2. A setInterval goes on until you stop it. A setTimeout that you set again each time ends when you do not set it.
    3. if (task.status === "PENDING") setTimeout(ask, 500, id); because it is the only state that changes.
    """
    page = open_page("/")
    for number, duration in enumerate([QUICK_S, 0], 1):
        page.type("#duration", str(duration))
        page.click("#start")
        page.waits_for_count(LINE, number)
    page.waits_for_count(in_state(SUCCESS), 1)
    page.waits_for_count(in_state(FAILURE), 1)
    ended = asked_for(site)
    asked = {task_id: questions(site, task_id) for task_id in ended}

    page.type("#duration", str(LONG_S))
    page.click("#start")
    page.waits_for_count(in_state(SUCCESS), 2)
    again = max(questions(site, task_id) - asked[task_id] for task_id in ended)
    assert again < 2, f"The page knew that a task had ended, but asked for it {again} more times."
    assert page.count(in_state(FAILURE)) == 1
    assert page.count(LINE) == 3
