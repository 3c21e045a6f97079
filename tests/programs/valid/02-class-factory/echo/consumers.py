import itertools

from channels.consumer import SyncConsumer
from channels.exceptions import StopConsumer


def make(name, answer):
    def websocket_connect(self, event):
        self.numbers = itertools.count(1)
        self.send({"type": "websocket.accept"})

    def websocket_receive(self, event):
        self.send({**answer(self, event), "type": "websocket.send"})

    def websocket_disconnect(self, event):
        raise StopConsumer("the client has left")

    return type(name, (SyncConsumer,), {f.__name__: f for f in (websocket_connect, websocket_receive, websocket_disconnect)})


def echo(consumer, event):
    return {key: event[key] for key in ("text", "bytes") if event.get(key) is not None}


def count(consumer, event):
    if event.get("text") == "again":
        consumer.numbers = itertools.count()
    return {"text": f"{next(consumer.numbers)}"}


EchoConsumer = make("EchoConsumer", echo)
CountConsumer = make("CountConsumer", count)
