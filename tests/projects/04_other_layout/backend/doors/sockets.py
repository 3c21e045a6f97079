from channels.routing import URLRouter
from django.urls import path, re_path

from .consumers import Counter, Members, Pendulum, Shutters

sockets = URLRouter(
    [
        path(
            "ws/",
            URLRouter(
                [
                    re_path(r"^events/$", Counter.as_asgi()),
                    re_path(r"^members/$", Members.as_asgi(key="tea")),
                    re_path(r"^closed/$", Shutters.as_asgi()),
                    re_path(r"^clock/$", Pendulum.as_asgi()),
                ]
            ),
        )
    ]
)
