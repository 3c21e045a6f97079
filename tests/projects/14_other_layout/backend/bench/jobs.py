import time

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from django_rq import job

from .models import Order
from .shape import shape


def ring(order):
    event = {"type": "order_done", "order": shape(order)}
    async_to_sync(get_channel_layer().group_send)(f"order.{order.pk}", event)


@transaction.atomic
def close(number, state):
    order = Order.objects.select_for_update().get(pk=number)
    if order.state == Order.State.PENDING:
        order.state = state
        order.save()
        transaction.on_commit(lambda: ring(order))


def advance(number, percent):
    if Order.objects.filter(pk=number, percent__lt=percent).update(percent=percent):
        event = {"type": "order_advanced", "order": number, "percent": percent}
        async_to_sync(get_channel_layer().group_send)(f"order.{number}", event)


@job("default")
def carry_out(number):
    order = Order.objects.get(pk=number)
    try:
        assert 1 / order.seconds
        for quarter in range(1, 5):
            time.sleep(order.seconds / 4)
            if quarter < 4:
                advance(number, 25 * quarter)
    except ArithmeticError:
        close(number, Order.State.FAILURE)
    else:
        close(number, Order.State.SUCCESS)
