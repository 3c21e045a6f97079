"""A task can be cancelled: while it waits, while the worker is at it, when it has ended, and on the page."""

import pytest
from task_contract import END_UNITS, PENDING, SUCCESS, Tasks
from task_page import LINE, asked_for, in_state, questions

from course.testbed.deadlines import comes_true

QUICK_S = 0.1
LONG_S = 1.1  # for a page that asks every half second
AT_WORK_S = 2
FENCES = 10  # a job that has begun may still have to look for its task
LONGEST_S = 60
CANCEL = "button.cancel"
NEVER_MADE = [987654321, 0]


@pytest.fixture
def tasks(site, transcript):
    return Tasks(site, transcript)


@pytest.mark.own
def test_a_waiting_task_can_be_cancelled(tasks, worker):
    """DELETE /tasks/<id>/ answers 204, then the task is gone; if its job still waits, the work is never done.

    1. The task in the database is the source of truth, and the job is a note. What does the worker find when a note
       is about a task that is gone?
    2. REST framework has a generic view that also deletes. You need not touch the queue: the job itself can see that
       there is nothing to do. `get` raises an exception for a missing row.
    3. RetrieveDestroyAPIView in views.py. In create_task, `filter(…).first()` is None for a missing row: return before
       the work.
    """
    worker.is_done()
    worker.pause()
    first, cancelled, last = tasks.start(QUICK_S), tasks.start(LONGEST_S), tasks.start(QUICK_S)
    assert tasks.cancel(cancelled) == 204
    assert [tasks.get(task).status for task in (first, cancelled, last)] == [200, 404, 200]
    assert [tasks.cancel(task) for task in (cancelled, *NEVER_MADE)] == [404, 404, 404]

    worker.start()
    tasks.ends_with(first, SUCCESS)
    tasks.ends_with(last, SUCCESS)  # a minute later, if the work of the one before it is done
    worker.is_done()
    assert not worker.errors, "A task was cancelled while it waited, and its job ended with an exception."
    assert tasks.get(cancelled).status == 404

    assert tasks.cancel(first) == 204
    assert [tasks.get(task).status for task in (first, last)] == [404, 200]


@pytest.mark.own
def test_a_task_at_work_can_be_cancelled(tasks, worker):
    """A task that is cancelled while the worker is at it stays gone, and its job ends without an exception.

    1. Your job holds a copy of the row while the work goes on. What does it do with that copy at the end?
    2. `save()` inserts a row that is no longer there, and `save(update_fields=…)` raises an exception. Asking first
       whether the row exists leaves a moment in between.
    3. `Task.objects.filter(…).update(…)` is one UPDATE in the database. It changes the rows that it finds, even if
       there are none.
    """
    worker.is_done()
    cancelled = tasks.start(AT_WORK_S)
    worker.has_begun()
    for _ in range(FENCES):
        tasks.glance(cancelled)
    assert tasks.cancel(cancelled) == 204
    assert tasks.get(cancelled).status == 404

    after = tasks.start(QUICK_S)
    tasks.ends_with(after, SUCCESS)
    worker.is_done()
    status = tasks.get(cancelled).status
    assert status == 404, (
        f"A task was cancelled while the worker was at it. Then its job ended, and GET answers {status}."
    )
    assert not worker.errors, "A task was cancelled while the worker was at it, and its job ended with an exception."


@pytest.mark.own
def test_the_page_cancels(open_page, tasks, worker, site):
    """The PENDING lines, and no others, have a button.cancel. A line goes with its task, wherever that is cancelled.

    1. What does your page do with the answer 404? And what happens to your button each time show() writes the line?
    2. Setting textContent removes all children of an element, the button too. When an answer comes, the line that it is
       about may be gone already.
    3. createElement, a click listener with fetch(…, {method: "DELETE"}), and remove() for the line. In ask(), look at
       answer.status before you show anything.
    """
    worker.is_done()
    worker.pause()
    page = open_page("/")
    for number in (1, 2, 3):
        page.type("#duration", str(QUICK_S))
        page.click("#start")
        page.waits_for_count(f"{in_state(PENDING)} {CANCEL}", number)
    comes_true(lambda: len(asked_for(site)) == 3, END_UNITS)
    made_here = asked_for(site)
    assert len(made_here) == 3, f"The page shows 3 tasks, and has asked for {len(made_here)} of them."

    assert tasks.cancel(made_here[0]) == 204  # somewhere else
    page.waits_for_count(LINE, 2)
    page.click(f"{LINE}:last-child {CANCEL}")
    page.waits_for_count(LINE, 1)
    comes_true(lambda: sum(map(tasks.is_gone, made_here)) == 2, END_UNITS)
    gone = list(filter(tasks.is_gone, made_here))
    assert len(gone) == 2, f"Two of three tasks have been cancelled, one of them on the page, but {len(gone)} are gone."

    worker.start()
    worker.is_done()
    page.waits_for_count(in_state(SUCCESS), 1)
    asked = {task_id: questions(site, task_id) for task_id in gone}
    page.type("#duration", str(LONG_S))
    page.click("#start")
    page.waits_for_count(in_state(SUCCESS), 2)
    assert page.count(LINE) == 2
    assert page.count(f"{LINE} {CANCEL}") == 0, "A task has ended, and its line still has a button to cancel it."
    again = max(questions(site, task_id) - asked[task_id] for task_id in gone)
    assert again < 2, f"A task was cancelled, but the page asked for it {again} more times."
    uncaught = [error for error in page.errors if error.startswith("Uncaught")]
    assert not uncaught, f"Tasks were cancelled, and the page's script failed: {uncaught[0]}"
