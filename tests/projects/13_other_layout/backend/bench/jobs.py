import time

from django_rq import job

from .models import Order


def note_failure(job, connection, *error):
    Order.objects.filter(pk=job.args[0]).update(state=Order.State.FAILURE)


@job("default", on_failure=note_failure)
def carry_out(number):
    try:
        order = Order.objects.get(pk=number)
    except Order.DoesNotExist:
        return
    time.sleep(order.seconds)
    assert 1 / order.seconds
    Order.objects.filter(pk=number).update(state=Order.State.SUCCESS)
