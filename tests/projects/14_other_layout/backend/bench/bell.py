from asgiref.sync import async_to_sync
from channels.generic.websocket import JsonWebsocketConsumer

from .models import Order
from .shape import shape


class Bell(JsonWebsocketConsumer):
    def connect(self):
        self.rooms = set()
        self.accept()
        self.send_json({"welcome": "Which order are you waiting for?"})

    def receive(self, text_data=None, bytes_data=None, **kwargs):
        try:
            super().receive(text_data=text_data, bytes_data=bytes_data, **kwargs)
        except (ValueError, LookupError, AttributeError, TypeError, OverflowError, RecursionError):
            self.send_json({"error": "That is no order of ours.", "heard": text_data})

    def receive_json(self, content):
        head, dash, number = content["group"].partition("-")
        if (head, dash) != ("task", "-") or not (number.isascii() and number.isdecimal()):
            raise LookupError(number)
        order = Order.objects.filter(pk=int(number)).first()
        if order is None:
            raise LookupError(number)
        self.rooms.add(f"order.{order.pk}")
        async_to_sync(self.channel_layer.group_add)(f"order.{order.pk}", self.channel_name)
        self.send_json({"detail": f"Added to group {content['group']}."})
        order.refresh_from_db()
        self.send_json({"task": shape(order)})
        if order.percent and order.state == Order.State.PENDING:
            self.order_advanced({"order": order.pk, "percent": order.percent})

    def order_done(self, event):
        self.send_json({"task": event["order"], "from": "worker"})

    def order_advanced(self, event):
        self.send_json({"progress": {"id": event["order"], "percent": event["percent"]}, "from": "worker"})

    def disconnect(self, code):
        for room in self.rooms:
            async_to_sync(self.channel_layer.group_discard)(room, self.channel_name)
