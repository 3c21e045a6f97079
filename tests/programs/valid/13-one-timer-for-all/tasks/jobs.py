from tasks.models import Task
from tasks.work import work


def create_task(task_id, **_):
    task = Task.objects.filter(pk=task_id)
    try:
        work(task.values_list("duration", flat=True).get())
    except BaseException:
        task.update(status=Task.FAILURE)
        raise
    else:
        task.update(status=Task.SUCCESS)
