"""From Django project to ASGI project: Daphne serves the page at `/`, and has a door for WebSockets."""

import pytest

from course.testbed.deadlines import deadline_s

# What a server's log shows when no router of WebSockets was asked at all.
NO_ROUTER = (
    "No application configured for scope type 'websocket'",
    "Django can only handle ASGI/HTTP connections, not websocket.",
    "TypeError",
)


@pytest.mark.given
def test_manage_py_check_finds_nothing(manage):
    """Django's system check finds no error.

    1. Read the line with the error: the code in brackets, daphne.E001 for one, says which package complains.
    2. The order of INSTALLED_APPS matters: of two apps that bring the same command, the first one wins.
    3. INSTALLED_APPS = ["daphne", "channels", "django.contrib.staticfiles", …]
    """
    with manage("check") as command:
        exit_code = command.wait(deadline_s(10))

    assert exit_code == 0, f"manage.py check has found something.\n{command.says}"


def test_runserver_starts_daphne(runserver):
    """runserver starts Daphne.

    1. Two settings have a part in this, both in config/settings.py. The first line of the server tells who it is.
    2. The app "daphne" brings a runserver of its own. It asks the setting ASGI_APPLICATION what to serve.
    3. INSTALLED_APPS = ["daphne", "channels", …] and ASGI_APPLICATION = "config.asgi.application".
    """
    said = "manage.py runserver started Django's own server, which speaks no WebSocket."
    assert "ASGI/Daphne" in runserver.banner, said


@pytest.mark.given
def test_the_page_answers_under_runserver(runserver, fresh):
    """The page at / answers under runserver, and a page that does not exist with 404.

    1. It did before you began, so look at what you changed in config/asgi.py: who answers HTTP now?
    2. A ProtocolTypeRouter hands each connection to the application under its type. HTTP has the type "http".
    3. "http": get_asgi_application()  (called, with brackets).
    """
    assert runserver.get("/").status == 200
    only_pages_that_exist(runserver, fresh)


def test_the_page_answers_under_daphne(site, fresh):
    """The page at / answers under Daphne alone, without manage.py; a page that does not exist with 404.

    1. Here nobody has set up Django before config/asgi.py is read. Go through that file line by line, from the top.
    2. os.environ.setdefault(…) names the settings, get_asgi_application() sets up Django. Models wait until then.
    3. The order: os.environ.setdefault(…), django_asgi_app = get_asgi_application(), your own imports, the router.
    """
    assert site.get("/").status == 200
    only_pages_that_exist(site, fresh)


def test_a_websocket_to_an_unknown_path_is_refused(connect, fresh, site):
    """A WebSocket to an unknown path is refused, and the server lives on.

    1. The first line of a WebSocket is an HTTP request, but its type is not "http". Which application gets it?
    2. ProtocolTypeRouter takes a dictionary with two keys, "http" and "websocket"; URLRouter takes a list of routes.
    3. "websocket": URLRouter([])
    """
    for path in (f"/ws/{fresh.word()}/", f"/{fresh.word()}", "/"):
        connect.refused(path)

        unrouted = [error for error in site.errors if any(sign in error for sign in NO_ROUTER)]
        assert not unrouted, f"No router refused the WebSocket to {path}: it failed, as nobody was there to take it."
    assert site.get("/").status == 200


def only_pages_that_exist(server, fresh):
    path = f"/{fresh.word()}/"
    status = server.get(path).status
    assert status == 404, f"{path}, a page that does not exist, is answered with {status}, not with Django's 404."
