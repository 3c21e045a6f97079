"""Routing: `ws/repeat/<int:times>/` repeats, `ws/hello/<slug:name>/?lang=…` greets, and every other path is refused."""

import pytest
from edges import TEXTS

# As a client may write them in an address. Python takes some of them for numbers all the same.
NO_NUMBERS = ("x", "", "1.5", "-2", "%2B2", "1_0", "%201", "1%20", "1%0A", "0x1", "%C2%B2", "%D9%A3", "%FF")
TOO_LONG = ("1" * 10, "9" * 5_000)


def test_a_repeat_path_is_accepted(connect, fresh):
    """A WebSocket to ws/repeat/<number>/ is accepted.

    1. The list in parrot/routing.py is empty, so no path leads anywhere yet.
    2. `path()` takes a pattern and an application. In the pattern, `<int:times>` stands for a whole number.
    3. path("ws/repeat/<int:times>/", RepeatConsumer.as_asgi()), with no slash at the beginning and one at the end.
    """
    for number in (fresh.number(2, 9), fresh.number(10, 99), fresh.number(100, 999)):
        with connect(f"/ws/repeat/{number}/"):
            pass


def test_the_path_says_how_often(connect, fresh):
    """At ws/repeat/<number>/ each text comes back that many times, and at ws/repeat/0/ nothing comes back.

    1. The route finds the number. Where can the consumer read it?
    2. Everything that is known about a connection is in self.scope. What the route found is under "url_route".
    3. times = self.scope["url_route"]["kwargs"]["times"], where the last "times" is the name in the route.
    """
    times = fresh.number(3, 6)
    first, second = fresh.text(), fresh.text()
    with connect(f"/ws/repeat/{times}/") as ana:
        ana.send(first)
        ana.send(second)
        for expected in [first] * times + [second] * times:
            assert ana.receive() == expected

    dozen = fresh.number(11, 12)
    with connect(f"/ws/repeat/{dozen}/") as cleo:
        cleo.send(first)
        cleo.send(second)
        for expected in [first] * dozen + [second]:
            assert cleo.receive() == expected

    with connect("/ws/repeat/0/", name="dan") as dan, connect("/ws/repeat/1/", name="ben") as ben:
        dan.send(first)
        for text in (first, second, second, *TEXTS):
            ben.send(text)
            assert ben.receive() == text
        ben.send(photo := fresh.bytes())
        ben.send(second)
        heard = ben.receive()
        assert (ben.receive() if heard == photo else heard) == second  # bytes do no harm, answered or not
        dan.close()
        dan.hears_only_the_close()


def test_two_clients_keep_their_own_number(connect, fresh):
    """When two clients are connected, each keeps the number of its own path.

    1. There is one route and one class, but each connection has its own consumer object and its own scope.
    2. The next client that comes in overwrites a number that is kept on the class or in the module.
    3. Read it from self.scope, or keep it on self: self.times = self.scope["url_route"]["kwargs"]["times"].
    """
    few = fresh.number(2, 4)
    text, last = fresh.text(), fresh.text()
    with connect(f"/ws/repeat/{few}/") as ana, connect(f"/ws/repeat/{few + 2}/") as ben:
        for client, times in ((ana, few), (ben, few + 2)):
            client.send(text)
            client.send(last)
            for expected in [text] * times + [last]:
                assert client.receive() == expected


def test_only_a_whole_number_is_a_number(connect, fresh):
    """Where the number belongs, anything but a whole number is refused.

    1. Which converter is in your route? It decides what the path may contain at that point.
    2. `str` matches any text without a slash, `slug` matches words and hyphens, and `int` matches only digits.
    3. Write `<int:times>`. With `re_path`, use `[0-9]+`, which matches only digits.
    """
    number = fresh.number(2, 9)
    with connect(f"/ws/repeat/{number}/"):
        pass

    for wrong in (fresh.word(), f"{number}.5", f"-{number}", f"{number}x", ""):
        assert connect.refused(f"/ws/repeat/{wrong}/")


def test_a_guest_is_greeted_by_name(connect, fresh, site):
    """Each client at ws/hello/<name>/ gets "Hello, <name>!" first, and only once.

    1. This takes a second route, and HelloConsumer has to read the name that the route finds.
    2. The converter for the name is `slug`. The consumer reads the name in the same way as the other one reads its
       number.
    3. path("ws/hello/<slug:name>/", HelloConsumer.as_asgi()), and name = self.scope["url_route"]["kwargs"]["name"].
    """
    for_ana, for_ben = fresh.word(), fresh.word()
    with connect(f"/ws/hello/{for_ana}/", name="ana") as ana:
        assert ana.receive() == f"Hello, {for_ana}!"

        with connect(f"/ws/hello/{for_ben}/", name="ben") as ben:
            assert ben.receive() == f"Hello, {for_ben}!"
            ana.close()
            ana.hears_only_the_close()  # and no second greeting, though ben has come in
            for frame in (fresh.text(), fresh.bytes()):  # this must do no harm
                ben.send(frame)
            with connect(f"/ws/hello/{for_ana}/", name="cleo") as cleo:
                assert cleo.receive() == f"Hello, {for_ana}!"
            cleo.close()
            greeted_again = ben.next_within(0) == f"Hello, {for_ben}!"
            assert not greeted_again, "ben sent a message, and was greeted a second time."
            ben.close()
    site.consumers_end()
    assert not site.crash, f"An exception left the application: {site.crash}"


def test_a_name_is_a_slug(connect, fresh):
    r"""A name consists of letters, digits, hyphens and underscores, and of nothing else.

    1. Which converter, or which pattern, do you use for the name in your route?
    2. `slug` matches all four. `str` matches more than that. `\w` in a regular expression does not match a hyphen.
    3. Write `<slug:name>`. With `re_path` it is `(?P<name>[-a-zA-Z0-9_]+)`.
    """
    plain, other = fresh.word(), fresh.word()
    for name in (plain, f"{plain.title()}-{other}_{fresh.number(2, 99)}", str(fresh.number(2, 99)), "e"):
        with connect(f"/ws/hello/{name}/") as guest:
            assert guest.receive() == f"Hello, {name}!"

    for wrong in (f"{plain}%20{other}", f"{plain}.{other}", ""):
        assert connect.refused(f"/ws/hello/{wrong}/")


def test_the_query_string_says_the_language(connect, fresh):
    """With ?lang=da the greeting is Hej, with ?lang=es Hola, with ?lang=en Hello. The first lang counts.

    1. A route looks only at the path. What follows the question mark is in the scope, under its own key.
    2. self.scope["query_string"] is bytes. parse_qs (from urllib.parse) turns a string into a dictionary of lists.
    3. lang = parse_qs(self.scope["query_string"].decode()).get("lang", ["en"])[0]
    """
    name, page = fresh.word(), fresh.number(2, 99)
    wanted = {
        "?lang=da": "Hej",
        "?lang=es": "Hola",
        "?lang=en": "Hello",
        f"?lang=da&page={page}": "Hej",
        f"?page={page}&lang=es": "Hola",
        "?page&lang=da": "Hej",
        "?page=a=b&lang=es": "Hola",
        "?lang=d%61": "Hej",  # as any address may be written
        "?lang=da&lang=es": "Hej",  # the first of several
        "?lang=es&page=1&lang=da": "Hola",
    }
    for query, hello in wanted.items():
        with connect(f"/ws/hello/{name}/{query}") as guest:
            assert guest.receive() == f"{hello}, {name}!"


def test_english_where_no_language_is_known(connect, fresh):
    """Without lang, or with an unknown language, the greeting is Hello.

    1. A query string may be empty, or hold only other keys. What does your code do then?
    2. `["lang"]` raises a `KeyError` if there is no lang. `.get("lang", …)` takes a second argument for that case.
    3. Use query.get("lang", ["en"])[0]. If greeting(name, lang) does not know the language, it uses English.
    """
    name = fresh.word()
    with connect(f"/ws/hello/{fresh.word()}/?lang=da") as other:  # what others ask for is theirs
        other.receive()
    unspoken = f"?lang={fresh.word()}", "?lang=", "?lang", "?lang=dansk"
    unasked = "", f"?page={fresh.number(2, 99)}", "?slang=da", "?page=lang=da", "?page=%FF&x"
    for query in unasked + unspoken:
        with connect(f"/ws/hello/{name}/{query}") as guest:
            assert guest.receive() == f"Hello, {name}!"


def test_only_the_whole_path_is_matched(connect, fresh):
    """A path that contains yours, with something before or after it, is refused.

    1. A route may describe a path from end to end, or something that is anywhere in it. Which does yours do?
    2. `path()` always matches the whole path. `re_path()` searches unless its pattern ends with `$`.
    3. `path("ws/repeat/<int:times>/", …)`, or `re_path(r"^ws/repeat/(?P<times>[0-9]+)/$", …)`.
    """
    word, name, number = fresh.word(), fresh.word(), fresh.number(2, 9)
    with connect(f"/ws/repeat/{number}/"), connect(f"/ws/hello/{name}/"):
        pass

    for path in (f"/ws/repeat/{number}/", f"/ws/hello/{name}/"):
        assert connect.refused(f"/{word}{path}")
        assert connect.refused(f"{path}{word}/")


def test_the_slash_at_the_end_counts(connect, fresh):
    """A path without its last slash is refused, and so is any other path that differs from yours.

    1. A pattern that describes two paths lets both of them in.
    2. Django redirects a page's address without the slash to the one with it. A WebSocket is never redirected.
    3. End the pattern with `/`, with no `?` after it. Add no route without the slash, and none for everything else.
    """
    name, number = fresh.word(), fresh.number(2, 9)
    with connect(f"/ws/repeat/{number}/"), connect(f"/ws/hello/{name}/"):
        pass

    for path in (f"/ws/repeat/{number}", f"/ws/hello/{name}"):
        assert connect.refused(path)

    others = f"/ws/{fresh.word()}/", "/", "/ws/", "/ws/hello/", "/ws/repeat/", f"/ws/Repeat/{number}/"
    for path in (*others, f"/ws/hello/{name}//"):
        assert connect.refused(path)


@pytest.mark.own
def test_the_numbers_of_the_path_are_added(connect, fresh):
    """A WebSocket to ws/sum/1/2/3/ gets "6" first, and so for any one to twenty whole numbers in the path.

    1. One `<int:…>` matches one number. How many are there here, and which part of a path may be as long as it likes?
    2. `re_path()` takes a regular expression, in which a group can be repeated. Or `<path:…>` matches text with slashes
       in it. Either hands your consumer one text with all numbers.
    3. Split that text at the slashes, and mind the one at its end. Each part is text until `int` has made a number of
       it, and the answer has to be text again.
    """
    lists = [[fresh.number(2, 99)], [1, 2, 3], [0], [7, 0, 7, 7], [fresh.number(100, 999_999_999) for _ in range(20)]]
    for numbers in lists:
        with connect(f"/ws/sum/{'/'.join(map(str, numbers))}/") as guest:
            assert guest.receive() == str(sum(numbers))

    one, two = fresh.number(2, 99), fresh.number(100, 199)
    with connect(f"/ws/sum/{one}/") as ana, connect(f"/ws/sum/00{two}/{one}/") as ben:
        assert ana.receive() == str(one)
        assert ben.receive() == str(one + two)
        ana.send(fresh.text())  # this must do no harm, and has no answer
        ben.close()
        ana.close()
        ana.hears_only_the_close()


@pytest.mark.own
def test_times_multiplies_the_sum(connect, fresh):
    """With ?times=10, ws/sum/1/2/3/ gets "60". Without times nothing is multiplied, and the first times counts.

    1. The query string is where the language of a greeting was. What is in it is text, and there may be none.
    2. parse_qs has a list for each key that is there. Take the first, or "1" if there is no such key.
    3. Multiply numbers and not strings: "6" * 10 is a string of ten sixes.
    """
    number, times = fresh.number(2, 99), fresh.number(3, 99)
    wanted = {
        "": 1,
        f"?times={times}": times,
        "?times=0": 0,
        "?times=1": 1,
        f"?times=00{times}": times,
        f"?page={fresh.number(2, 99)}&times={times}": times,
        f"?times={times}&times=2": times,
        "?times=%33": 3,  # as any address may be written
        f"?sometimes={times}": 1,
        f"?Times={times}": 1,
    }
    for query, factor in wanted.items():
        with connect(f"/ws/sum/{number}/1/{query}") as guest:
            assert guest.receive() == str((number + 1) * factor)

    large = 999_999_999
    with connect(f"/ws/sum/{large}/{large - 1}/?times={large - 2}") as guest:
        assert guest.receive() == str((2 * large - 1) * (large - 2))


@pytest.mark.own
def test_what_cannot_be_added_is_refused(connect, fresh, site):
    """More than twenty numbers, or a times that is no whole number, is refused with 403. Other paths are refused too.

    1. Nobody is in until you have accepted. What has to be known before that?
    2. Look at everything first, then send one of two events: websocket.accept, or websocket.close, which refuses with
       HTTP 403. An exception refuses too, but with 500, and it is an error of yours.
    3. One to nine digits from 0 to 9 and nothing else: `re.fullmatch` says whether a string is that. `int` takes more,
       such as "1_0" and "+1". parse_qs drops a key without a value, unless you ask for `keep_blank_values`.
    """
    number = fresh.number(2, 99)
    with connect(f"/ws/sum/{'1/' * 20}") as ana:
        assert ana.receive() == "20"
    for many in (21, 40):
        assert connect.refused(f"/ws/sum/{'1/' * many}") == 403, f"{many} numbers must be refused with HTTP 403."

    for times in (*NO_NUMBERS, *TOO_LONG):
        path = f"/ws/sum/{number}/?times={times}"
        assert connect.refused(path) == 403, f"{path[:60]} must be refused with HTTP 403."
    assert connect.refused(f"/ws/sum/{number}/?times=x&times=2") == 403, "The first times counts, and it is x."

    odd = fresh.word(), f"{number}/x", f"-{number}", f"{1:010}", "%D9%A3"
    for wrong in ("", "/", f"{number}", f"{number}//1/", *(f"{each}/" for each in odd)):
        assert connect.refused(f"/ws/sum/{wrong}")
    assert not site.crash, f"An exception left the application: {site.crash}"
