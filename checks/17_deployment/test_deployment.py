"""Deployment: nginx in front of two Daphnes, one Redis, one database and a worker, all started from one environment.

The site is called tea.example, and www.tea.example. Every process finds DJANGO_SECRET_KEY, DJANGO_ALLOWED_HOSTS,
DJANGO_STATIC_ROOT and REDIS_URL in its environment, and no DJANGO_DEBUG. Daphne runs with --proxy-headers. The rest is
the contract of lesson 15, and one frame more: CONFIRMED, when the worker has written the letter.
"""

import json
import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from threading import Event
from urllib.parse import urlsplit

import pytest
from student_log_in import LOGIN, log_in

from course.errors import Unmet
from course.testbed.clients.http import HttpClient
from course.testbed.clients.http_session import HttpSession
from course.testbed.deadlines import comes_true, deadline_s
from course.testbed.servers.production_environment import ALIAS, NAME
from course.testbed.servers.site_from_outside import PROXY_HEADERS, DaphneBehindProxy

PATH = "/ws/events/"
HEALTH = "/healthz/"
STUDENTS = [f"s{number}" for number in range(1, 31)]
EVIL = "evil.example"
FOREIGN = [f"https://{EVIL}", f"https://{NAME}.{EVIL}", f"https://not{NAME}", "null"]
DEBUG_IS_ON = "\nDEBUG = True"  # in what manage.py diffsettings writes
FORGED = "203.0.113.7"
IN_TIME_S = 3
QUIET_S = 12
MOST_SOCKETS = 20
AGAIN_UNITS = 4


@pytest.fixture
def daphne(site):
    """The first Daphne, asked as nginx asks it."""
    return DaphneBehindProxy(site)


@pytest.fixture
def office(topology, transcript, fresh):
    return Office(topology, transcript, fresh)


@pytest.fixture
def listen(connect, topology, transcript, logged_in):
    """Connects as a student who is logged in, and has subscribed; all through nginx unless a Daphne is named."""

    def enter(student, name="", site=None):
        visitor = logged_in(HttpSession(student, topology, transcript))
        client = connect(PATH, name=name or student, headers=visitor.headers, site=site or topology)
        return Listener(client, student)

    return enter


def test_there_is_no_default_secret(manage):
    """Without DJANGO_SECRET_KEY, nothing starts: a secret in the code is not a secret.

    1. Anyone who knows the key can sign sessions and be any user. Who can read config/settings.py?
    2. os.environ holds the environment. What does it do when a name is missing, with [] and with .get()?
    3. SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
    """
    with manage("check") as command:
        code = command.wait(deadline_s(20))
        assert code == 0, f"manage.py check ends with exit code {code}: {command.says[-300:]}"

    with manage("check", without="DJANGO_SECRET_KEY") as command:
        assert command.wait(deadline_s(20)) != 0, "Without DJANGO_SECRET_KEY the project starts all the same."


def test_debug_is_off(daphne, manage, fresh):
    """Unless DJANGO_DEBUG is 1, DEBUG is off, and a visitor sees no page that is meant for you.

    1. What does the site answer for a path that does not exist?
    2. Nobody sets DJANGO_DEBUG on a server, so a missing variable must mean no. And a value is a string: "0" is not
       empty.
    3. DEBUG = os.environ.get("DJANGO_DEBUG") == "1"
    """
    answer = daphne.get(f"/{fresh.word()}/")

    assert answer.status == 404
    assert "DEBUG" not in answer.text, "The page for a path that does not exist reveals how the site is built."

    with settings_with(manage, "0") as zero, settings_with(manage, "false") as false, settings_with(manage, "1") as on:
        assert DEBUG_IS_ON not in all_of(zero), "With DJANGO_DEBUG=0, DEBUG is on."
        assert DEBUG_IS_ON not in all_of(false), "With DJANGO_DEBUG=false, DEBUG is on."
        desk = all_of(on)
    assert DEBUG_IS_ON in desk, "With DJANGO_DEBUG=1, which is for your own machine, DEBUG is off."
    redirects = "SECURE_SSL_REDIRECT = True" in desk
    assert not redirects, (
        "With DJANGO_DEBUG=1, each page is redirected to HTTPS, which your own machine does not speak."
    )


def test_a_wrong_host_is_refused(site, daphne, manage, fresh):
    """Only the names in DJANGO_ALLOWED_HOSTS are served. For any other Host, the answer is HTTP 400.

    1. The client writes the Host header. Django puts it into links and redirects.
    2. ALLOWED_HOSTS is a list, but an environment variable is a string. And Django compares only when something asks
       for the host. CommonMiddleware always does.
    3. ALLOWED_HOSTS = os.environ.get("DJANGO_ALLOWED_HOSTS", "").split(",")
    """
    for name in (NAME, ALIAS):
        status = daphne.get(LOGIN, {"Host": name}).status
        assert status == 200, f"For {name}, which is one of its own names, the site answers HTTP {status}."

    for path in (LOGIN, f"/sections/{fresh.word()}/"):
        assert site.get(path, {**PROXY_HEADERS, "Host": EVIL}).status == 400
    with manage("diffsettings", without="DJANGO_ALLOWED_HOSTS") as command:
        all_names = re.search(r"^ALLOWED_HOSTS = .*'\*'", all_of(command), re.MULTILINE)
        assert not all_names, "Without DJANGO_ALLOWED_HOSTS, the site is served under every name."


def test_the_deploy_check_is_clean(manage):
    """`manage.py check --deploy` finds nothing.

    1. Run it yourself, with the environment of a server: DJANGO_SECRET_KEY=… DJANGO_ALLOWED_HOSTS=tea.example.
    2. Each line names the setting. SecurityMiddleware comes first in MIDDLEWARE.
    3. SECURE_SSL_REDIRECT, SESSION_COOKIE_SECURE, CSRF_COOKIE_SECURE, SECURE_HSTS_SECONDS; XFrameOptionsMiddleware.
       Put checks that you decide against into SILENCED_SYSTEM_CHECKS, with the reason.
    """
    with manage("check", "--deploy", "--fail-level", "WARNING") as command:
        code = command.wait(deadline_s(20))

        assert code == 0, f"manage.py check --deploy says:\n{command.says[-1500:]}"


def test_django_is_told_of_https(runserver):
    """Django itself reads from X-Forwarded-Proto that a visitor came over HTTPS, whatever server it runs in.

    1. Daphne with --proxy-headers reads the header and passes its value on. Other servers do not. Start the project
       with manage.py runserver, and send it a request as nginx does.
    2. A setting names the header and the value that means HTTPS.
    3. SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    """
    server = HttpClient(runserver.url(""), follows_redirects=False)

    status = server.get(LOGIN, PROXY_HEADERS).status
    assert status == 200, f"Behind manage.py runserver, a visitor by HTTPS is answered with HTTP {status}."
    status = server.get(LOGIN, {**PROXY_HEADERS, "X-Forwarded-Proto": "http"}).status
    assert 300 <= status < 400, f"Behind manage.py runserver, a visitor by plain HTTP is answered with HTTP {status}."


@pytest.mark.disturbs("the database")
def test_what_goes_wrong_is_written_down(site, daphne, connect, database, fresh):
    """An exception in a view is in the server's log, and the visitor sees HTTP 500 and no more.

    1. There are two readers: the visitor, who must learn nothing about your code, and you, who must learn everything.
    2. DEBUG decides what the visitor sees, and LOGGING decides what is logged.
    3. LOGGING = {"version": 1, "disable_existing_loggers": False, "handlers": {"stderr": {"class":
       "logging.StreamHandler"}}, "root": {"handlers": ["stderr"], "level": "INFO"}}
    """
    with database.damaged():
        answer = daphne.get(f"/sections/{fresh.word()}/")

    assert answer.status == 500
    assert "DatabaseError" not in answer.text, "The visitor sees what went wrong in your code."
    assert comes_true(lambda: "DatabaseError" in site.log, 3), "The exception is not in the server's log."

    connect.refused(path := f"/ws/{fresh.word()}/", site=daphne)
    site.settle()
    if site.crash:  # a router may also refuse without an exception
        said = f"The application raised an exception for a WebSocket to {path}, and it is not in the server's log."
        assert comes_true(lambda: "Traceback" in site.log.partition(path)[2], 3), said


@pytest.mark.disturbs("the database")
def test_the_health_check_looks(daphne, connect, database, redis, worker):
    """`/healthz/` answers 200 with JSON while the site works, and 503 without its Redis or without its database.

    1. A monitor needs to know whether the site could serve a request right now. What does a request need?
    2. It needs a row from a table (SQLite answers SELECT 1 without opening the file) and a message to itself through
       the channel layer: new_channel, send, receive.
    3. Section.objects.first() in a try; mailbox = await layer.new_channel(); await layer.send(mailbox, {"type": …});
       await layer.receive(mailbox). JsonResponse({…}, status=503) if one of them raises.
    """
    with connect(PATH, name="ana", site=daphne):  # who waits for messages from the layer, in the same process
        for _ in range(3):
            assert_healthy(daphne)
    daphne.site.consumers_end()
    for _ in range(3):
        assert_healthy(daphne)
    left = redis.undelivered()
    assert left == 0, f"After three requests for {HEALTH}, {left} of its messages are left on Redis."
    worker.stop()  # its Redis goes away
    with redis.gone():
        answer = daphne.get(HEALTH)
        assert answer.status == 503, f"Its Redis is gone, but {HEALTH} answers HTTP {answer.status}."
        assert_json(answer)
    assert_healthy(daphne)

    with database.damaged():
        answer = daphne.get(HEALTH)
    assert answer.status == 503, f"Nothing can be read from its database, but {HEALTH} answers HTTP {answer.status}."
    assert_json(answer)
    assert_healthy(daphne)


def test_the_health_check_answers_in_time(daphne, database, redis):
    """`/healthz/` answers within three seconds, even when Redis or the database accept a query and do not answer.

    1. A monitor waits for the answer. No answer at all is the worst one.
    2. asyncio.timeout(seconds) ends an await that takes too long. It can't end a thread, so do not wait for one.
    3. async with asyncio.timeout(1): await …; and query the database in await asyncio.to_thread(…).
    """
    assert_healthy(daphne)
    with redis.stalled():
        answer = health_in_time(daphne, "Redis answers nothing that writes")
    assert answer.status == 503, f"Redis takes messages but delivers none, and {HEALTH} answers HTTP {answer.status}."
    assert_json(answer)

    with database.readers_wait():
        health_in_time(daphne, "the database is locked")
    assert_healthy(daphne)

    with redis.stalled(), database.readers_wait():
        health_in_time(daphne, "neither Redis nor the database answers")
    assert_healthy(daphne)


def test_everybody_comes_by_https(topology, transcript):
    """Plain HTTP is redirected to the same page over HTTPS, whatever a client claims, and cookies go over HTTPS only.

    1. nginx has two server blocks. What does the one for HTTP answer?
    2. nginx always passes requests on over HTTP. It has to say how the visitor came: X-Forwarded-Proto.
    3. return 301 https://$host:${HTTPS_PORT}$request_uri; and, for HTTPS, proxy_set_header Host $http_host;
       proxy_set_header X-Forwarded-Proto $scheme;
    """
    path = f"{LOGIN}?next=/healthz/"
    for headers in ({}, {"X-Forwarded-Proto": "https"}):
        answer = topology.get(path, headers, secure=False)
        assert answer.status in (301, 302, 307, 308), (
            f"Plain HTTP is answered with HTTP {answer.status}{claims(headers)}."
        )
        there = urlsplit(answer.headers.get("location", ""))
        assert (there.scheme, there.hostname) == ("https", NAME)
        assert f"{there.path}?{there.query}" == path, "The redirect to HTTPS leads to another page."

    for headers in ({}, {"X-Forwarded-Proto": "http"}):
        status = topology.get(LOGIN, headers).status
        assert status == 200, f"Over HTTPS, {LOGIN} is answered with HTTP {status}{claims(headers)}."
    assert not is_served(topology, EVIL), f"Through nginx, the site is served under the name {EVIL}."
    visitor = log_in(HttpSession("s1", topology, transcript))
    assert visitor.open_cookies == []


def test_any_port_will_do(topology, transcript):
    """If HTTPS has a port other than 443, the redirect leads to it, and a student can log in there.

    1. A browser writes the port into Host and into Origin, unless it is 443. Django compares the two when it gets a
       form.
    2. $host is only the name. $http_host is exactly what the visitor has sent. HTTPS_PORT is filled in in your
       template.
    3. return 301 https://$host:${HTTPS_PORT}$request_uri; and proxy_set_header Host $http_host;
    """
    visitor = topology.with_ports
    there = urlsplit(visitor.get(LOGIN, secure=False).headers.get("location", ""))
    assert (there.scheme, there.hostname) == ("https", NAME)
    port = there.port or 443
    assert port == topology.https_port, f"HTTPS has the port {topology.https_port}, and the redirect leads to {port}."

    log_in(HttpSession("s1", visitor, transcript))


def test_a_websocket_comes_through(office, listen, topology, transcript, logged_in):
    """A WebSocket goes through nginx: a student subscribes, is registered, and gets SUCCESS.

    1. A WebSocket begins as an HTTP request that asks for another protocol. Two headers say so, and nginx passes on
       neither by default.
    2. proxy_http_version, and proxy_set_header for Upgrade and Connection.
    3. proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";
    """
    section, own = office.opens(), office.opens()
    student = listen("s1")
    office.registers("s1", section)
    student.hears("SUCCESS", section)

    cookie = logged_in(HttpSession("s1", topology, transcript)).headers
    status = topology.http_client().post_json("/registrations/", {"student": "s1", "section": own}, cookie).status
    assert 200 <= status < 300, (
        f"A registration from the student's own page, with its cookie, is answered with HTTP {status}."
    )
    student.hears("SUCCESS", own)


def test_the_worker_confirms(office, listen, worker):
    """The worker runs with the same settings: it takes the job, and its message reaches the student.

    1. The worker is provided. It needs what the Daphnes need. Which of your settings does it read?
    2. Use one REDIS_URL from the environment, for the queue and for the channel layer.
    3. RQ_QUEUES = {"default": {"URL": REDIS_URL}}
    """
    section = office.opens()
    student = listen("s1")
    office.registers("s1", section)

    student.hears("SUCCESS", section)
    student.hears("CONFIRMED", section)
    assert comes_true(lambda: "letter to s1" in worker.log, 3), "The letter to s1 is not in the worker's log."


def test_two_daphnes_are_one_site(topology, office, listen):
    """A registration posted to one Daphne reaches a student who is connected to the other.

    1. A visitor may be connected to either process. What do the two share?
    2. An in-memory channel layer in one process is unknown to the other.
    3. channels_redis.core.RedisChannelLayer, with REDIS_URL
    """
    first, second = topology.daphnes
    section, another = office.opens(), office.opens()
    here, there = listen("s1", "here", site=first), listen("s2", "there", site=second)
    office.registers("s1", section, by=second)
    office.registers("s2", another, by=first)

    here.hears("SUCCESS", section)
    there.hears("SUCCESS", another)


def test_static_files_are_nginxs_work(topology, fresh):
    """nginx serves the log-in page's stylesheet from collectstatic's folder, and nothing outside that folder.

    1. Daphne serves no static files, and with DEBUG off, neither does Django. What is left?
    2. STATIC_ROOT in the settings; a location for the path that STATIC_URL names, in nginx.
    3. STATIC_ROOT = os.environ["DJANGO_STATIC_ROOT"]; location /static/ { alias ${STATIC_ROOT}/; } with both slashes
    """
    topology.collects()
    page = topology.get(LOGIN)
    assert page.status == 200, f"The page is answered with HTTP {page.status}."
    paths = re.findall(r'href="?(/[^">]+\.css)', page.text)
    assert paths, "The page names no stylesheet."
    for path in paths:
        status = topology.get(path).status
        assert status == 200, f"{path} is answered with HTTP {status}."

    for number, daphne in enumerate(topology.daphnes):
        daphne.get(f"/{(mark := f'{fresh.word()}{number}')}/")
        topology.seen_as(mark)  # by now the log is complete
        assert paths[0] not in daphne.site.log, f"{paths[0]} was served by a Daphne, not by nginx."

    _, first, rest = paths[0].split("/", 2)
    outside = f"/{first}../{topology.static.name}/{rest}"
    status = topology.get(outside).status
    assert status >= 400, f"{outside} is answered with HTTP {status}: files outside the folder are served too."


def test_a_forged_address_is_not_believed(topology, connect, fresh):
    """Daphne gets the address that a visitor comes from, not the one that they write into X-Forwarded-For.

    1. Daphne sees only one client, nginx. How can it find out where a request came from?
    2. It trusts the first address in X-Forwarded-For. Who wrote that one?
    3. proxy_set_header X-Forwarded-For $remote_addr; which replaces whatever the client has sent.
    """
    outside = topology.came_from("127.0.0.3")
    for headers in ({"X-Forwarded-For": FORGED}, {}):
        outside.get(f"/{(mark := fresh.word())}/", headers)
        seen = topology.seen_as(mark)
        assert seen != FORGED, f"A visitor claims to be {FORGED}, and Daphne believes it."
        assert seen == "127.0.0.3"

        connect.refused(f"/ws/{(mark := fresh.word())}/", headers=headers, site=outside)  # nobody serves that
        seen = topology.seen_as(mark)
        assert seen != FORGED, f"A WebSocket's client claims to be {FORGED}, and Daphne believes it."
        assert seen == "127.0.0.3"


def test_a_foreign_page_is_refused(topology, connect):
    """A WebSocket from a page of another site is refused with HTTP 403, through nginx too.

    1. config/asgi.py, which is provided, checks the Origin. What does it compare the Origin with?
    2. It compares it with ALLOWED_HOSTS. By default, nginx passes the Origin on unchanged.
    3. Do not set the Origin in nginx, and have no "*" in ALLOWED_HOSTS.
    """
    connect(PATH, name="ana", site=topology).close()

    for origin in FOREIGN:
        assert connect.refused(PATH, origin=origin, site=topology) == 403


def test_one_address_does_not_take_it_all(topology, connect):
    """One address may hold 20 WebSockets. The next one is refused, but pages are still served, and others get in.

    1. A client that opens sockets and says nothing costs you memory. nginx can count connections.
    2. limit_conn_zone says what to count by, and limit_conn sets the limit, and where: in a server block it also
       counts the requests for pages.
    3. limit_conn_zone $binary_remote_addr zone=sockets:1m; and for /ws/: limit_conn sockets 20;
    """
    greedy = topology.came_from("127.0.0.4")
    held = connect.many(PATH, MOST_SOCKETS, site=greedy)
    for headers in (None, {"X-Forwarded-For": FORGED, "X-Real-IP": FORGED}):
        status = connect.refused(PATH, headers=headers, site=greedy)
        assert status >= 400, f"One more WebSocket is answered with HTTP {status}."

    status = greedy.get(LOGIN).status
    assert status == 200, f"An address holds 20 WebSockets, and its request for a page is answered with HTTP {status}."
    connect(PATH, name="ben", site=topology.came_from("127.0.0.5")).close()
    held[0].close()
    assert comes_true(lambda: connect.ask(PATH, name="one more", site=greedy), 3), "One has left, but no other gets in."


@pytest.mark.slow
def test_a_quiet_websocket_stays_open(office, listen):
    """A quiet WebSocket stays open: twelve seconds later, the student still gets SUCCESS.

    1. nginx ends a connection on which nothing has arrived for a while. How long does yours wait?
    2. proxy_read_timeout says how long, 60 seconds by default. Daphne sends a ping every 20 seconds.
    3. Leave proxy_read_timeout out, or make it longer than the time between two pings: proxy_read_timeout 1h;
    """
    section = office.opens()
    student = listen("s1")
    student.keeps_quiet(QUIET_S)
    office.registers("s1", section)

    student.hears("SUCCESS", section)


def test_one_daphne_is_killed(topology, office, listen):
    """When one Daphne is killed, the other one answers, over HTTP and over WebSockets.

    1. How many servers are in the upstream?
    2. By default, nginx asks the next server when one does not answer at all, if there is a next one.
    3. upstream daphnes { server ${DAPHNE_1} max_fails=0; server ${DAPHNE_2} max_fails=0; }
    """
    for dead, alive in ((0, 1), (1, 0)):
        topology.kill(dead)
        in_time = comes_true(lambda: topology.get(LOGIN).status == 200, AGAIN_UNITS)
        assert in_time, (
            f"One Daphne is gone, and after {AGAIN_UNITS} s the answer is HTTP {topology.get(LOGIN).status}."
        )
        section = office.opens()
        devices = [listen("s1", name) for name in ("phone", "laptop", "tablet")]
        office.registers("s1", section)
        for device in devices:
            device.hears("SUCCESS", section)
        assert_healthy(topology.daphnes[alive])
        assert not topology.daphnes[dead].site.responds()
        topology.start(dead)


def test_a_machine_is_off(topology):
    """When one Daphne's machine is off and does not even refuse, nginx asks the other one within four seconds.

    1. A connection to a process that is gone is refused at once. How long does nginx wait if nothing answers at all?
    2. proxy_connect_timeout says how long, 60 seconds by default.
    3. proxy_connect_timeout 1s;
    """
    topology.kill(0)
    with topology.answers_nothing(0):
        for _ in range(4):  # nginx takes turns
            answered = is_answered_in_time(topology)
            assert answered, f"One Daphne's machine is off, and within {AGAIN_UNITS} s there is no page."


def test_who_is_back_is_asked_again(topology, fresh):
    """A Daphne that was gone for a moment is used again within four seconds when the other one is gone.

    1. nginx has seen the first one fail. For how long does it avoid that server?
    2. See max_fails and fail_timeout: one failure and ten seconds by default.
    3. server ${DAPHNE_1} max_fails=0; and the same for the other one
    """
    topology.kill(0)
    nginx_finds_out(topology)
    with topology.stand_in(0, says := fresh.text()):
        topology.kill(1)
        is_asked_again(topology, "first", "second", says)
        nginx_finds_out(topology)
    with topology.stand_in(1, says := fresh.text()):
        is_asked_again(topology, "second", "first", says)


def test_a_rolling_restart_loses_no_registration(topology, office, worker):
    """When both Daphnes are restarted one after another, each registration is answered within four seconds, and kept.

    1. Students go on using the site meanwhile. A client that gets no answer asks again, as a good client does.
    2. While one is gone, nginx has to ask the other one, and a student whose request breaks off asks again.
    3. Both Daphnes in the upstream, each with max_fails=0.
    """
    worker.pause()  # hundreds of letters are not what this is about
    sections = [office.opens(seats=len(STUDENTS)) for _ in range(20)]
    wanted, done = product(sections, STUDENTS), Event()
    fences = [office.opens() for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        clerks = [pool.submit(office.registers_until, done, clerk) for clerk in (wanted, wanted)]
        try:
            for number, fence in enumerate(fences):
                topology.stop(number)
                office.registers_at_last("s1", fence)  # while it is gone
                topology.start(number)
        finally:
            done.set()
    kept = Counter([section for clerk in clerks for section in clerk.result()] + fences)

    for section, number in kept.items():
        taken = office.seats[section] - office.free(section)
        assert taken == number, f"{number} registrations for {section} were accepted, but {taken} seats are taken."


class Office:
    """Whoever opens sections and registers students, through nginx unless a Daphne is named."""

    def __init__(self, topology, transcript, fresh):
        self._front = topology
        self._transcript = transcript
        self._fresh = fresh
        self.seats = {}

    def opens(self, seats=10):
        """Open a section and return its key."""
        key = self._fresh.word()
        status = self._front.post("/sections/", {"section": key, "title": self._fresh.text(), "seats": seats}).status
        assert status == 201, f"POST for a new section was answered with HTTP {status}."
        self.seats[key] = seats
        return key

    def free(self, section):
        """Return how many seats of a section are free."""
        answer = self._front.get(f"/sections/{section}/")
        assert answer.status == 200, f"GET for an existing section was answered with HTTP {answer.status}."
        return field(answer.json(), "free")

    def registers(self, student, section, by=None):
        """Register a student, who must be accepted."""
        self._transcript.add("office", "→", f"POST /registrations/ {student} for {section}")
        status = (by or self._front).post("/registrations/", {"student": student, "section": section}).status
        self._transcript.add("office", "←", f"HTTP {status} for {student}")
        assert 200 <= status < 300, f"The registration of {student} for {section} was answered with HTTP {status}."

    def registers_until(self, done, wanted):
        """Register one after the other until it is done; return the sections of those who were accepted."""
        return [self.registers_at_last(student, section) for section, student in wanted if not done.is_set()]

    def registers_at_last(self, student, section):
        """Ask until there is an answer, as a client does whose first request got lost."""
        answers = []

        def is_answered():
            try:
                answers.append(self._front.post("/registrations/", {"student": student, "section": section}).status)
            except Unmet:
                answers.append(0)
            return 200 <= answers[-1] < 500

        answered = comes_true(is_answered, AGAIN_UNITS)
        last = f"HTTP {answers[-1]}" if answers[-1] else "none at all"
        assert answered, f"A student asked again and again for {AGAIN_UNITS} s, but the last answer was {last}."
        # Refused as a double: then an earlier request went through, and its answer was lost.
        kept = answers[-1] < 300 or (len(answers) > 1 and answers[-1] >= 400)
        assert kept, f"A student who was not registered yet was refused with {last}."
        return section


class Listener:
    """A student who has subscribed to their own events."""

    def __init__(self, client, student):
        self._client = client
        self._told_early = []
        client.send_json({"command": "subscribe", "student": student})
        self._next("subscribe")

    def hears(self, registration_type, section):
        """Wait for an outcome, which must be the next one; what the worker tells comes when it likes."""
        wanted = registration_type, section
        while wanted not in self._told_early:
            outcome = self._next("send")
            heard = field(outcome, "registration_type"), field(field(outcome, "registration_data"), "section")
            if heard == wanted:
                return
            told = f"{self._client.name} was told {heard[0]} for {heard[1]}, not {registration_type} for {section}."
            assert heard[0] == "CONFIRMED", told
            self._told_early.append(heard)

    def keeps_quiet(self, for_s):
        """Say nothing for a while; the connection must stay."""
        self._client.stays_open(for_s)

    def _next(self, kind):
        """Return the next frame of a type."""
        while True:
            heard = self._client.receive_json()
            if field(heard, "type") == kind:
                return heard
            if field(heard, "error"):
                raise Unmet(f"{self._client.name} was refused.", expected=kind, got=json.dumps(heard))


def field(content, key):
    """Return what an object holds under a key; None where there is none, or it is no object."""
    return content.get(key) if isinstance(content, dict) else None


def claims(headers):
    return f" when it claims to be {headers['X-Forwarded-Proto'].upper()}" if headers else ""


def is_served(topology, name):
    """Tell whether nginx hands out a page under a name; it may refuse without a word."""
    try:
        return topology.get(LOGIN, {"Host": name}).status < 400
    except Unmet:
        return False


def nginx_finds_out(topology):
    """Ask so often that nginx, which takes turns, has come to the one that is gone."""
    for _ in range(4):
        in_time = comes_true(lambda: topology.get(LOGIN).status == 200, AGAIN_UNITS)
        assert in_time, "One Daphne is gone, and no request is answered."


def is_answered_in_time(topology):
    """Ask once, and tell whether the page came in time."""
    began = time.monotonic()
    try:
        status = topology.get(LOGIN).status
    except Unmet:
        return False
    return status == 200 and time.monotonic() - began < deadline_s(AGAIN_UNITS)


def is_asked_again(topology, back, gone, says):
    """Assert that the one that is back is asked in time."""
    answers = []

    def is_asked():
        answers.append(topology.get(LOGIN))
        return answers[-1].text == says

    in_time = comes_true(is_asked, AGAIN_UNITS)
    assert in_time, (
        f"The {back} Daphne is back and the {gone} one is gone, but the answer is HTTP {answers[-1].status}."
    )


def settings_with(manage, debug):
    """Run the command that writes down each setting that is not Django's own."""
    return manage("diffsettings", env={"DJANGO_DEBUG": debug})


def all_of(command):
    """Return what a command has written by its end."""
    command.wait(deadline_s(20))
    return command.output


def assert_json(answer):
    assert isinstance(answer.json(), dict), f"{HEALTH} answers HTTP {answer.status} with no JSON object."


def assert_healthy(daphne):
    """Assert that the health check says yes, if not at once: on a busy machine a second may be over before it can."""
    answers = []

    def is_well():
        answers.append(daphne.get(HEALTH))
        return answers[-1].status == 200

    assert comes_true(is_well, 3), f"All is well, but {HEALTH} answers HTTP {answers[-1].status}."
    assert_json(answers[-1])


def health_in_time(daphne, what):
    """Return the answer, which must come in time."""
    began = time.monotonic()
    try:
        answer = daphne.get(HEALTH)
    except Unmet:
        answer = None
    took_s = time.monotonic() - began
    in_time = answer is not None and took_s < deadline_s(IN_TIME_S)
    assert in_time, f"{HEALTH} gave no answer within {IN_TIME_S} s while {what}."
    return answer
