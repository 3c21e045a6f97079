"""Routing: `ws/repeat/<int:times>/` repeats, `ws/hello/<slug:name>/?lang=…` greets, and every other path is refused."""

from edges import TEXTS


def test_a_repeat_path_is_accepted(connect, fresh):
    """A WebSocket to ws/repeat/<number>/ is accepted.

    1. The list in parrot/routing.py is empty: no path leads anywhere yet.
    2. `path()` takes a pattern and an application. In the pattern, `<int:times>` stands for a whole number.
    3. path("ws/repeat/<int:times>/", RepeatConsumer.as_asgi()): no slash at the beginning, one at the end.
    """
    for number in (fresh.number(2, 9), fresh.number(10, 99), fresh.number(100, 999)):
        with connect(f"/ws/repeat/{number}/"):
            pass


def test_the_path_says_how_often(connect, fresh):
    """At ws/repeat/<number>/ each text comes back that many times; at ws/repeat/0/ nothing does.

    1. The route has found the number. Where does the consumer read it?
    2. Everything that is known of a connection is in self.scope; what the route has found is under "url_route".
    3. times = self.scope["url_route"]["kwargs"]["times"], the name being the one in the route.
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
        dan.close()
        dan.hears_only_the_close()


def test_two_clients_keep_their_own_number(connect, fresh):
    """Two clients at once each keep the number of their own path.

    1. There is one route and one class, but each connection has a consumer object and a scope of its own.
    2. A number that is kept on the class or in the module is overwritten by the next client who comes in.
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

    1. Which converter stands in your route? It decides what may stand in its place.
    2. `str` takes every text without a slash, `slug` takes words and hyphens, `int` takes digits only.
    3. Write `<int:times>`. With `re_path` it is `[0-9]+` that takes digits only.
    """
    number = fresh.number(2, 9)
    with connect(f"/ws/repeat/{number}/"):
        pass

    for wrong in (fresh.word(), f"{number}.5", f"-{number}", f"{number}x", ""):
        assert connect.refused(f"/ws/repeat/{wrong}/")


def test_a_guest_is_greeted_by_name(connect, fresh, site):
    """Whoever opens ws/hello/<name>/ hears "Hello, <name>!" first, and once.

    1. This takes a second route, and the name that it finds, in HelloConsumer.
    2. The converter for the name is `slug`. The consumer finds the name where the other one finds its number.
    3. path("ws/hello/<slug:name>/", HelloConsumer.as_asgi()), and name = self.scope["url_route"]["kwargs"]["name"].
    """
    for_ana, for_ben = fresh.word(), fresh.word()
    with connect(f"/ws/hello/{for_ana}/", name="ana") as ana:
        assert ana.receive() == f"Hello, {for_ana}!"

        with connect(f"/ws/hello/{for_ben}/", name="ben") as ben:
            assert ben.receive() == f"Hello, {for_ben}!"
            ana.close()
            ana.hears_only_the_close()  # and no second greeting, though ben has come in
            ben.send(fresh.text())  # which must do no harm
            ben.close()
    site.consumers_end()
    assert not site.crash, f"An exception left the application: {site.crash}"


def test_a_name_is_a_slug(connect, fresh):
    r"""A name is made of letters, digits, hyphens and underscores, and of nothing else.

    1. Which converter, or which pattern, stands for the name in your route?
    2. `slug` takes all four. `str` takes more than that; `\w` in a regular expression takes no hyphen.
    3. Write `<slug:name>`. With `re_path` it is `(?P<name>[-a-zA-Z0-9_]+)`.
    """
    plain, other = fresh.word(), fresh.word()
    for name in (plain, f"{plain.title()}-{other}_{fresh.number(2, 99)}", str(fresh.number(2, 99)), "e"):
        with connect(f"/ws/hello/{name}/") as guest:
            assert guest.receive() == f"Hello, {name}!"

    for wrong in (f"{plain}%20{other}", f"{plain}.{other}", ""):
        assert connect.refused(f"/ws/hello/{wrong}/")


def test_the_query_string_says_the_language(connect, fresh):
    """With ?lang=da the greeting is Hej, with ?lang=es Hola, with ?lang=en Hello; the first lang counts.

    1. A route looks at the path only. What comes behind the question mark is in the scope, under a key of its own.
    2. self.scope["query_string"] is bytes. parse_qs (from urllib.parse) makes a dictionary of lists out of a text.
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
    """Without lang, or with one that nobody here speaks, the greeting is Hello.

    1. A query string may be empty, or hold other things only. What does your code do then?
    2. `["lang"]` raises a `KeyError` where there is no lang; `.get("lang", …)` takes something for that case.
    3. Ask with query.get("lang", ["en"])[0]. For a language that it does not know, greeting(name, lang) takes English.
    """
    name = fresh.word()
    unspoken = f"?lang={fresh.word()}", "?lang=", "?lang", "?lang=dansk"
    unasked = "", f"?page={fresh.number(2, 99)}", "?slang=da", "?page=lang=da"
    for query in unasked + unspoken:
        with connect(f"/ws/hello/{name}/{query}") as guest:
            assert guest.receive() == f"Hello, {name}!"


def test_only_the_whole_path_is_matched(connect, fresh):
    """A path that has yours in it, with something before or behind, is refused.

    1. A route may describe a path from end to end, or something that is found anywhere in it. Which one is yours?
    2. `path()` always means the whole path. `re_path()` searches, unless its pattern ends with `$`.
    3. path("ws/repeat/<int:times>/", …), or re_path(r"^ws/repeat/(?P<times>[0-9]+)/$", …).
    """
    word, name, number = fresh.word(), fresh.word(), fresh.number(2, 9)
    with connect(f"/ws/repeat/{number}/"), connect(f"/ws/hello/{name}/"):
        pass

    for path in (f"/ws/repeat/{number}/", f"/ws/hello/{name}/"):
        assert connect.refused(f"/{word}{path}")
        assert connect.refused(f"{path}{word}/")


def test_the_slash_at_the_end_counts(connect, fresh):
    """A path without its last slash is refused, and so is every path that differs from yours in any other way.

    1. A pattern that describes two paths lets both of them in.
    2. Django adds a missing slash to a page's address by a redirect. A WebSocket is not redirected: it has one address.
    3. End the pattern with `/`, without a `?` behind it. No route without the slash, and none that takes all the rest.
    """
    name, number = fresh.word(), fresh.number(2, 9)
    with connect(f"/ws/repeat/{number}/"), connect(f"/ws/hello/{name}/"):
        pass

    for path in (f"/ws/repeat/{number}", f"/ws/hello/{name}"):
        assert connect.refused(path)

    for path in (f"/ws/{fresh.word()}/", "/", f"/ws/Repeat/{number}/", f"/ws/hello/{name}//"):
        assert connect.refused(path)
