"""From Django project to ASGI project: Daphne serves the page at `/` and has a door for WebSockets."""

import pytest

from course.testbed.deadlines import deadline_s

# What a server's log shows when no router of WebSockets was asked at all.
NO_ROUTER = (
    "No application configured for scope type 'websocket'",
    "Django can only handle ASGI/HTTP connections, not websocket.",
    "TypeError",
)

ASKS_DJANGO = """
from django.test import Client
asked = Client(headers={"host": "localhost"}, raise_request_exception=False)
print("Django says", asked.get("/door/").status_code)
"""


@pytest.mark.given
def test_manage_py_check_finds_nothing(manage):
    """Django's system check finds no error.

    1. Read the line with the error. The code in brackets, such as daphne.E001, says which package complains.
    2. The order of INSTALLED_APPS matters: when two apps bring the same command, the first one wins.
    3. INSTALLED_APPS = ["daphne", "channels", "django.contrib.staticfiles", …]
    """
    with manage("check") as command:
        exit_code = command.wait(deadline_s(10))

    assert exit_code == 0, f"manage.py check found an error.\n{command.says}"


def test_runserver_starts_daphne(runserver):
    """runserver starts Daphne.

    1. This takes two settings, both in config/settings.py. The first lines that the server prints say which server it
       is.
    2. The app "daphne" brings its own runserver, which reads the setting ASGI_APPLICATION to know what to serve.
    3. INSTALLED_APPS = ["daphne", "channels", …] and ASGI_APPLICATION = "config.asgi.application".
    """
    said = "manage.py runserver started Django's own server, which speaks no WebSocket."
    assert "ASGI/Daphne" in runserver.banner, said


@pytest.mark.given
def test_the_page_answers_under_runserver(runserver, fresh):
    """Under runserver, the page at / answers, and a page that does not exist is a 404.

    1. It did before you began, so look at what you changed in config/asgi.py. What answers HTTP now?
    2. A ProtocolTypeRouter passes each connection to the application listed for its type. The type of HTTP is "http".
    3. "http": get_asgi_application()  (with brackets: call it).
    """
    assert runserver.get("/").status == 200
    only_pages_that_exist(runserver, fresh)


def test_the_page_answers_under_daphne(site, fresh):
    """Under Daphne without manage.py, the page at / answers, and a page that does not exist is a 404.

    1. Here, nothing has set up Django before config/asgi.py is read. Go through that file line by line, from the top.
    2. os.environ.setdefault(…) names the settings, get_asgi_application() sets up Django. Import no models before
       that.
    3. The order: os.environ.setdefault(…), django_asgi_app = get_asgi_application(), your own imports, the router.
    """
    assert site.get("/").status == 200
    only_pages_that_exist(site, fresh)


def test_a_websocket_to_an_unknown_path_is_refused(connect, fresh, site):
    """A WebSocket to an unknown path is refused, and the server keeps running.

    1. A WebSocket begins as an HTTP request, but its type is not "http". Which application gets it?
    2. ProtocolTypeRouter takes a dictionary with two keys, "http" and "websocket". URLRouter takes a list of routes.
    3. "websocket": URLRouter([])
    """
    for path in (f"/ws/{fresh.word()}/", f"/{fresh.word()}", "/"):
        connect.refused(path)

        unrouted = [error for error in site.errors if any(sign in error for sign in NO_ROUTER)]
        assert not unrouted, f"No router refused the WebSocket to {path}. It failed because no application took it."
    assert site.get("/").status == 200


@pytest.mark.own
def test_the_door_says_what_came_in(site, fresh):
    """GET /door/ is answered with 200 and the plain text "http GET /door/", and a POST with "http POST /door/".

    1. An ASGI application is a coroutine function with three arguments. What came in is in one of them, and the answer
       leaves through another.
    2. The scope holds "type", "method" and "path". An answer to HTTP is two events, one after the other: the first has
       the status and the headers, the second the body. The specification names both, with every key.
    3. `send` is a coroutine. Header names, header values and the body are bytes, so encode your text. The routes in a
       URLRouter lead to applications, and yours is one as it is: it needs no as_asgi().
    """
    query = f"?{fresh.word()}={fresh.number(2, 99)}"
    for path in ("/door/", f"/door/{query}"):
        answer = site.get(path)
        assert answer.status == 200, f"GET {path} was answered with HTTP {answer.status}."
        assert answer.text == "http GET /door/"
        kind = answer.headers.get("content-type", "none").partition(";")[0].strip()
        assert kind == "text/plain", f"The content type of {path} is {kind}, and not text/plain."

    answer = site.post("/door/", {"tea": fresh.word()})
    assert answer.status == 200, f"POST /door/ was answered with HTTP {answer.status}."
    assert answer.text == "http POST /door/"


@pytest.mark.own
def test_django_knows_no_door(site, connect, manage, fresh):
    """Django has no page /door/ and is not asked for it. It still answers everywhere else, also at /door and /door/x/.

    1. A view in urls.py could say the same words, but then it is Django that answers. Where can something be in front
       of all of Django?
    2. The value under "http" is an application, and a URLRouter is one too. Its last route can lead to Django.
    3. `path("door/", …)` matches that path alone. For the rest, `re_path("", …)` matches every path. The first route
       that matches wins, so their order counts.
    """
    assert site.get("/door/").text == "http GET /door/"
    with manage("shell", "-c", ASKS_DJANGO) as command:
        exit_code = command.wait(deadline_s(10))
    assert exit_code == 0, f"manage.py shell could not ask Django for a page.\n{command.says}"
    assert "Django says 404" in command.output, "Django itself has a page /door/. Answer it in front of Django."

    assert site.get("/").status == 200
    for path in ("/door", "/Door/", f"/door/{fresh.word()}/", f"/{fresh.word()}/door/", f"/door{fresh.word()}/"):
        status = site.get(path).status
        assert status == 404, f"{path}, a page that does not exist, answered {status} instead of Django's 404."
    connect.refused("/door/")  # a WebSocket is not HTTP: its router refuses it as before
    assert not site.crash, f"An exception left the application: {site.crash}"


def only_pages_that_exist(server, fresh):
    path = f"/{fresh.word()}/"
    status = server.get(path).status
    assert status == 404, f"{path}, a page that does not exist, answered {status} instead of Django's 404."
