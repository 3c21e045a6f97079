"""A project as a server of its own: how it starts, answers, logs and ends."""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from course.catalog.lessons import find
from course.errors import NotStarted, Unmet
from course.testbed.bed import Bed
from course.testbed.clients import http
from course.testbed.deadlines import deadline_s
from course.testbed.servers.daphne import Site

URLS = """
import json, os, sys, time

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt


def fail(request):
    raise ValueError("no tea")


def drip(request):
    async def drops():
        import asyncio
        while True:
            yield b"x"
            await asyncio.sleep(0.05)
    return StreamingHttpResponse(drops())


def say(request):
    sys.stderr.write(request.GET["words"])
    sys.stderr.flush()
    return HttpResponse("said")


urlpatterns = [
    path("", lambda r: HttpResponse("tea", headers={"X-Tea": "green"})),
    path("env/", lambda r: JsonResponse(dict(os.environ))),
    path("echo/", csrf_exempt(lambda r: JsonResponse({"method": r.method, "sent": json.loads(r.body)}, status=201))),
    path("moved/", lambda r: HttpResponseRedirect("/")),
    path("round/", lambda r: HttpResponseRedirect("/round/")),
    path("deep/", lambda r: HttpResponse("[" * 100_000)),
    path("digits/", lambda r: HttpResponse("9" * 5000)),
    path("big/", lambda r: HttpResponse(b"x" * 17 * 1024 * 1024)),
    path("latin/", lambda r: HttpResponse(b"caf\\xe9")),
    path("fail/", fail),
    path("drip/", drip),
    path("say/", say),
    path("exit/", lambda r: os._exit(7)),
]
"""


def compose(folder: Path, files: dict[str, str]) -> Path:
    lesson = find("02")
    for tree in (lesson.starter, lesson.solution):
        shutil.copytree(tree, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = compose(tmp_path_factory.mktemp("served"), {"config/urls.py": URLS})
    site = Site(folder, redis_url="redis://127.0.0.1:1")
    yield site
    site.stop()


@pytest.fixture(autouse=True)
def fresh_log(request: pytest.FixtureRequest) -> None:
    if "site" in request.fixturenames:
        request.getfixturevalue("site").begin_check()


def test_a_page_is_answered_with_status_headers_and_text(site: Site) -> None:
    """GET tells all three; header names are lower case."""
    answer = site.get("/")

    assert (answer.status, answer.text, answer.headers["x-tea"]) == (200, "tea", "green")


def test_json_is_posted_and_read(site: Site) -> None:
    """POST sends JSON, and the answer's JSON comes back as data, whatever the status."""
    answer = site.post("/echo/", {"tea": ["grün", 1]})

    assert answer.status == 201
    assert answer.json() == {"method": "POST", "sent": {"tea": ["grün", 1]}}


def test_a_redirect_is_followed(site: Site) -> None:
    """The answer is that of the page it leads to."""
    assert site.get("/moved/").text == "tea"


@pytest.mark.parametrize(("path", "status"), [("/nowhere/", 404), ("/fail/", 500), ("/round/", 302)])
def test_a_bad_status_is_an_answer_too(site: Site, path: str, status: int) -> None:
    """An error page, and a redirect that goes round for ever, have a status like any other."""
    assert site.get(path).status == status


def test_bytes_that_are_no_text_are_replaced(site: Site) -> None:
    """A body that is no UTF-8 is no crash of the judge."""
    assert site.get("/latin/").text == "caf\ufffd"


@pytest.mark.parametrize("path", ["/", "/deep/", "/digits/"])
def test_a_body_that_is_no_json_is_the_projects_fault(site: Site, path: str) -> None:
    """Text, a nesting that no parser stands, and a number without end are all not the JSON that was asked for."""
    with pytest.raises(Unmet, match="The answer is not JSON"):
        site.get(path).json()


def test_an_answer_that_never_ends_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that drips for ever costs the check its deadline, and no more."""
    monkeypatch.setattr(http, "REPLY_UNITS", 0.5)
    began = time.monotonic()

    with pytest.raises(Unmet) as caught:
        site.get("/drip/")

    assert caught.value.got == f"nothing whole within {deadline_s(0.5):g} s"
    assert time.monotonic() - began < deadline_s(3)


def test_an_answer_without_measure_is_refused(site: Site) -> None:
    """More than 16 MB is no answer that a check reads."""
    with pytest.raises(Unmet) as caught:
        site.get("/big/")

    assert caught.value.got == "more than 16 MB"


def test_the_log_begins_with_the_check(site: Site) -> None:
    """What the server wrote before a check began is not in its log."""
    site.get("/say/?words=before%0A")
    site.begin_check()
    site.get("/say/?words=after%0A")

    assert "after" in site.log
    assert "before" not in site.log


def test_an_error_is_cut_to_the_projects_frames(site: Site) -> None:
    """Of Django's long traceback the project's own lines are told, with paths as the student knows them."""
    site.get("/fail/")

    assert site.errors == [
        '  File "config/urls.py", line 10, in fail\n    raise ValueError("no tea")\nValueError: no tea',
    ]


def test_a_forged_word_of_the_server_is_no_crash(site: Site) -> None:
    """A project may write what it likes between the server's marks: the judge passes over what is no fact."""
    for forged in ("garbage", "[1]", '{"port": "x"}', '{"port": -1}', '{"port": 99999999}', "[" * 5000):
        site.get("/say/?words=" + quote(f"\x1e{site._token}{forged}\x1e\n"))

    assert site.get("/").text == "tea"
    assert site.reports.counts()["port"] == site._port
    assert "\x1e" not in site.log


def test_the_project_gets_no_variables_that_change_its_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables of Django, pytest, Python and the course stay with us; Redis, a home and a TMPDIR are handed on."""
    for name in ("DJANGO_SETTINGS_MODULE", "PYTHONPATH", "PYTEST_ADDOPTS", "COURSE_TIME_SCALE"):
        monkeypatch.setenv(name, "1")
    folder = compose(tmp_path, {"config/urls.py": URLS})
    site = Site(folder, redis_url="redis://127.0.0.1:1")
    env = site.get("/env/").json()
    site.stop()

    assert {name for name in env if name.startswith(("PYTEST_", "COURSE_"))} == set()
    assert "PYTHONPATH" not in env
    assert env["DJANGO_SETTINGS_MODULE"] == "config.settings"
    assert env["REDIS_URL"] == "redis://127.0.0.1:1"
    assert env["HOME"] == env["TMPDIR"] == str(folder)


def test_a_stopped_server_answers_nothing(tmp_path: Path) -> None:
    """After stop the port is closed, and asking is an unmet expectation."""
    site = Site(compose(tmp_path, {}))
    url = site.url("/")
    site.stop()

    with pytest.raises(Unmet, match="No answer to GET /"):
        site.get("/")
    assert not site.responds()
    assert url.startswith("http://127.0.0.1:")


def test_a_stopped_server_starts_again_where_it_was(tmp_path: Path) -> None:
    """After start_again the same address answers, with a log of its own, and nothing counts as an unexpected end."""
    site = Site(compose(tmp_path, {"config/urls.py": URLS}))
    url = site.url("/")
    site.get("/fail/")
    try:
        for _ in range(2):
            site.stop()
            site.start_again()

            assert site.get("/").text == "tea"
            assert (site.url("/"), site.why_dead, site.errors) == (url, "", [])
    finally:
        site.stop()


def test_a_server_that_ends_in_the_middle_says_so_and_is_replaced(tmp_path: Path) -> None:
    """Its exit code is told, and `heal` puts a new one in its place."""
    with_bed = Bed(find("02"), compose(tmp_path, {"config/urls.py": URLS}))
    try:
        first = with_bed.site(0)
        with pytest.raises(Unmet):
            first.get("/exit/")
        first._process.wait(deadline_s(5))
        why = first.why_dead
        with_bed.heal()
        second = with_bed.site(0)

        assert why == "The server ended in the middle, with exit code 7."
        assert second is not first
        assert second.get("/").text == "tea"
        assert second.why_dead == ""
        second.stop()
        assert second.why_dead == "", "what a check has stopped itself has not died"
    finally:
        with_bed.close()


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"config/settings.py": "SECRET_KEY = \n"}, 'File "config/settings.py", line 1'),
        ({"config/settings.py": "DEBUG = True\n"}, "config.settings has no ASGI_APPLICATION"),
        (
            {"config/settings.py": 'ASGI_APPLICATION = "config.nowhere.application"\n'},
            "No module named 'config.nowhere'",
        ),
        ({"config/settings.py": 'ASGI_APPLICATION = "config.asgi.app"\nSECRET_KEY = "x"\n'}, "app"),
        ({"echo/consumers.py": "import nothing_like_it\n"}, 'File "echo/consumers.py", line 1'),
        ({"echo/consumers.py": "import sys\nsys.exit('tea is out')\n"}, "tea is out"),
        ({"manage.py": "import os\n"}, "manage.py does not set DJANGO_SETTINGS_MODULE"),
    ],
)
def test_a_project_that_does_not_start_says_why(tmp_path: Path, files: dict[str, str], told: str) -> None:
    """File and line, or the exception's own words, come home; and asking again costs no second start."""
    site = Site(compose(tmp_path, files))
    with pytest.raises(NotStarted) as caught:
        site.get("/")
    with pytest.raises(NotStarted):
        site.get("/")
    site.stop()

    assert told in caught.value.message
    assert str(tmp_path) not in caught.value.message


def test_no_process_is_left_when_a_project_did_not_start(tmp_path: Path) -> None:
    """A server that never came up is gone."""
    site = Site(compose(tmp_path, {"echo/consumers.py": "1/0\n"}))
    with pytest.raises(NotStarted):
        assert site.host

    assert site._process is not None
    assert site._process.exit_code is not None


def test_application_may_be_named_by_running_code(tmp_path: Path) -> None:
    """Where the settings compute ASGI_APPLICATION, Django is asked."""
    settings = (find("02").starter / "config/settings.py").read_text()
    computed = settings.replace('"config.asgi.application"', '".".join(["config", "asgi", "application"])')
    site = Site(compose(tmp_path, {"config/settings.py": computed}))
    answer = site.get("/")
    site.stop()

    assert answer.status == 200


def test_a_server_that_only_listens_does_not_respond() -> None:
    """`responds` wants an answer, not only an open port."""
    site = Site.__new__(Site)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        site._port, site._name = deaf.getsockname()[1], ""
        began = time.monotonic()
        responds = site.responds()

    assert not responds
    assert time.monotonic() - began < deadline_s(3)


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX processes")
def test_manage_py_can_be_run(tmp_path: Path) -> None:
    """`manage` runs the project's own manage.py and tells what it says; a traceback is cut."""
    bed = Bed(find("02"), compose(tmp_path, {"config/urls.py": "1/0\n"}))
    with bed.manage("check") as command:
        code = command.wait(deadline_s(20))
        said = command.says
    bed.close()

    assert code == 1
    assert said.splitlines()[-1] == "ZeroDivisionError: division by zero"
    assert "site-packages" not in said
