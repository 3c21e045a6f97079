"""A page that talks: what a browser shows of a WebSocket, and what it does with typed text."""

import time

import pytest
from edges import TEXTS

from course.testbed.deadlines import comes_true

# What one can type into a field of one line and see on a page again as it was. Markup has a check of its own.
TYPED = " ".join(text for text in TEXTS if text == " ".join(text.split()) and not set("<&") & set(text))
LONG_S = 60
MANY = 120  # messages, more than a log that forgets would keep
DROPPED = "already in CLOSING or CLOSED state"  # what Chrome notes when it drops what send() was given


@pytest.fixture
def opened(open_page):
    """The page, once it says that its connection is open."""
    page = open_page("/")
    page.waits_for_attribute("#status", "data-state", "open")
    return page


def assert_one_socket(page):
    count = page.attempts
    assert count == 1, f"The page opened {count} WebSockets."


def assert_other_words(page, before):
    """Assert that #status says something else than before; where it has no words, a stylesheet may show them."""
    now = page.text("#status")
    assert now != before or not now, f'#status still says "{now}" in words, although the state has changed.'


def has_number(text):
    return any(character.isdigit() for character in text)


def sent_by(page):
    return [frame for socket in page.sockets for frame in socket.sent]


def hand_in(page, text):
    """Type a text and press Enter, as far as the page lets us; tell whether the page has taken it out of the field."""
    if page.count("#message:disabled, #message[readonly]"):
        return False
    page.type("#message", text)
    page.press("Enter")
    page.settle()
    return page.value("#message") == ""


@pytest.mark.given
def test_the_page_brings_its_files(open_page):
    """The page loads its script and its stylesheet.

    1. Open the page and the browser's developer tools, and look at the requests. Which of them is a 404?
    2. `runserver` serves the static files of installed apps automatically. Daphne on its own serves none.
    3. In config/urls.py: `urlpatterns += staticfiles_urlpatterns()`, from `django.contrib.staticfiles.urls`.
    """
    ana = open_page("/")
    missing = [error for error in ana.errors if error.startswith("Failed to load resource")]
    assert not missing, f"A file of the page is missing. {missing[0]}"


def test_the_connection_opens(open_page):
    """The page says "connecting", then "open" once the server has accepted, both in data-state and in words.

    1. The page is ready, its script runs, and `#status` says "connecting". How do you learn that the server has
       accepted?
    2. `new WebSocket("/ws/echo/")` begins the handshake and returns at once. When the handshake is finished, the
       object fires an event.
    3. `socket.addEventListener("open", () => show("open"));`
    """
    ana = open_page("/", hold_sockets=True)
    ana.waits_for_attribute("#status", "data-state", "connecting")
    connecting = ana.text("#status")

    ana.release_sockets()
    ana.waits_for_attribute("#status", "data-state", "open")
    assert_other_words(ana, connecting)
    assert not has_number(ana.text("#code")), "The page shows a close code, but its connection is open."
    assert_one_socket(ana)


def test_the_address_is_that_of_the_page(open_page):
    """The connection also opens when the page comes over https.

    1. What does your script know about where the page came from? The browser's console says which address it tried.
    2. A page from https must open wss. `location` holds the host, port and scheme of the page, but you hardly need
       them.
    3. `new WebSocket("/ws/echo/")`: the browser reads it like a link, and uses wss if the page has https.
    """
    ana = open_page("/", https=True)

    ana.waits_for_attribute("#status", "data-state", "open")


def test_every_message_comes_back(opened, fresh):
    """Every message appears in the log when it comes back, whether it was sent with Enter or with a click.

    1. This takes two events: the form's `submit` and the socket's `message`.
    2. `event.preventDefault()` stops the form from reloading the page. Then call `socket.send(text)`, and add a new
       `li` for each text that comes back.
    3. In `submit`: `event.preventDefault(); socket.send(message.value); message.value = "";`. In `message`: create a
       `li` with `document.createElement("li")`, put `event.data` into it, and pass it to `log.append`.
    """
    first, second = fresh.text(), f"{fresh.text()} {TYPED}"
    opened.type("#message", first)
    opened.press("Enter")
    opened.settle()
    opened.waits_for_texts("#log li", [first])
    assert opened.value("#message") == "", "The message was sent, but it is still in the field."

    opened.type("#message", second)
    opened.click("#send")
    opened.waits_for_texts("#log li", [first, second])
    assert opened.value("#message") == "", "The message was sent, but it is still in the field."
    assert not opened.errors, "The browser's console shows an error."

    opened.type("#message", first)  # whoever logs a text twice has done so with the first by now
    opened.press("Enter")
    opened.waits_for_texts("#log li", [first, second, first])
    assert sent_by(opened) == [first, second, first]
    said = ["", "", '"tea"', "007"]  # messages like any other
    for text in said:
        opened.server_says(text)
    opened.waits_for_texts("#log li", shown := [first, second, first, *said])
    for _ in range(MANY):
        opened.server_says(second)
    opened.waits_for_count("#log li", len(shown) + MANY)  # and the first ones stay

    opened.type("#message", spaced := f"  {first}  ")
    opened.press("Enter")
    opened.waits_for_count("#log li", len(shown) + MANY + 1)
    assert sent_by(opened)[-1] == spaced
    assert_one_socket(opened)


def test_markup_is_shown_as_text(opened, fresh):
    """Markup in a message is shown as text.

    1. Send `<b>tea</b>`, and look at the log. What happened to the tags?
    2. `innerHTML` reads a string as HTML, and runs what is in it. Another property shows it as text.
    3. `line.textContent = event.data;`
    """
    address = 'https://tea.example/"onclick="alert(1)'
    text = f"<img src=x onerror=alert(1)> {fresh.text()} &lt; {address} & <b>tea</b>"
    opened.type("#message", text)
    opened.press("Enter")
    opened.settle()

    opened.waits_for_text("#log li", text)
    made = opened.count("#log :is(img, b, [onclick])")
    assert made == 0, "The text is shown, but a part of it has become markup."


def test_nothing_is_lost_before_the_connection_is_open(open_page, fresh):
    """Text that is sent before the connection is open is not lost.

    1. A handshake takes time: several seconds on a train. Send something before `#status` says "open".
    2. `socket.readyState` is the state of the connection: `WebSocket.CONNECTING`, `OPEN`, `CLOSING` or `CLOSED`.
       While it is `CONNECTING`, `send()` throws.
    3. Keep the texts in an array, and send them all when `open` comes. Or leave the text in the field.
    """
    first, second, third = fresh.text(), fresh.text(), fresh.text()
    ana = open_page("/", hold_sockets=True)
    ana.waits_for_attribute("#status", "data-state", "connecting")
    taken = [text for text in (first, second) if hand_in(ana, text)]
    assert not ana.errors, "The browser's console shows an error."
    assert ana.texts("#log li") == [], "The log contains something that the server has not sent."

    ana.release_sockets()
    ana.waits_for_attribute("#status", "data-state", "open")
    if not taken:
        taken = [second] if hand_in(ana, second) else []
    ana.waits_for_texts("#log li", taken or [second])
    hand_in(ana, third)
    ana.waits_for_texts("#log li", [*(taken or [second]), third])
    assert sent_by(ana) == [*(taken or [second]), third]

    ben = open_page("/", name="ben", hold_sockets=True)
    ben.waits_for_attribute("#status", "data-state", "connecting")
    hand_in(ben, first)
    ben.let_time_pass(LONG_S)
    assert not ben.errors, f"The page has been connecting for a long time, and its script failed: {ben.errors[0]}"


def test_the_close_button_closes_with_1000(opened, open_page):
    """The close button closes with 1000, even while the page is connecting. The page shows the end when it comes.

    1. A click on a button is not the end of the connection. Show the end when it has come.
    2. `socket.close(code)` ends the connection in every state. The event `close` says when it is over, and
       `event.code` is the number.
    3. `closeButton.addEventListener("click", () => socket.close(1000));`, and in the listener for `close`:
       `show("closed"); code.textContent = event.code;`
    """
    words = opened.text("#status")
    opened.hold_answers()
    opened.click("#close")
    assert not opened.errors, "The browser's console shows an error."
    too_early = has_number(opened.text("#code"))
    assert not too_early, "The page shows a close code, but the server has not answered its close yet."
    state = opened.attribute("#status", "data-state")
    assert state != "closed", 'The page says "closed", but the server has not answered its close yet.'
    opened.release_answers()
    opened.waits_for_text("#code", "1000")
    opened.waits_for_attribute("#status", "data-state", "closed")
    assert_other_words(opened, words)

    codes = [socket.page_closed_with for socket in opened.sockets if socket.page_closed_with]
    assert codes == [1000], "The page shows 1000, but has not closed with it."

    hasty = open_page("/", name="ben", hold_sockets=True)
    hasty.waits_for_attribute("#status", "data-state", "connecting")
    if hasty.count("#close:disabled"):  # a button that can't be pressed disappoints nobody
        return
    hasty.click("#close")
    hasty.release_sockets()
    is_closed = comes_true(lambda: hasty.attribute("#status", "data-state") == "closed" and hasty.open_sockets == 0, 3)
    assert is_closed, "Close was pressed while the page was connecting, but the connection was not closed."
    assert has_number(hasty.text("#code")), "The connection has ended, but the page shows no close code."


def test_a_close_by_the_server_shows_its_code(opened, fresh):
    """When the server closes, the page shows that with the server's code, and stays closed.

    1. Send `bye 4321`. The server hangs up without asking the page.
    2. The event `close` comes whichever side has closed. Does your page show the end there, or in the button's click?
    3. `socket.addEventListener("close", (event) => { show("closed"); code.textContent = event.code; });`
    """
    text, code = fresh.text(), fresh.number(4001, 4999)
    words = opened.text("#status")
    for message in (text, f"bye {code}"):
        opened.type("#message", message)
        opened.press("Enter")

    opened.waits_for_text("#code", str(code))
    opened.waits_for_attribute("#status", "data-state", "closed")
    assert opened.texts("#log li") == [text], "The log contains something that the server has not sent."
    assert_other_words(opened, words)
    opened.let_time_pass(LONG_S)
    assert opened.attempts == 1, "The connection has ended, but the page has opened another one."


def test_nothing_is_lost_after_the_end(opened, fresh):
    """Text that is sent after the end, or while the connection closes, is not lost: it stays in the field.

    1. Close the connection, and then send something. Where does the text go?
    2. From `CLOSING` on, `send()` throws nothing and loses what you give it. Test `socket.readyState` first.
    3. In `submit`, before the field is emptied: `if (socket.readyState > WebSocket.OPEN) return;`
    """
    opened.hold_answers()
    opened.click("#close")
    taken_while_it_closes = hand_in(opened, fresh.text())
    opened.release_answers()
    opened.waits_for_attribute("#status", "data-state", "closed")

    assert not hand_in(opened, fresh.text()), "The field is empty, but nobody got the text."
    assert not taken_while_it_closes, "While the connection was closing, the text left the field, but nobody got it."

    opened.reload()
    opened.waits_for_attribute("#status", "data-state", "open")
    hand_in(opened, "bye")
    opened.waits_for_attribute("#status", "data-state", "closed")
    assert not hand_in(opened, fresh.text()), "The server had closed. The text left the field, but nobody got it."
    sent_in_vain = [error for error in opened.errors if DROPPED in error]
    assert not sent_in_vain, f"The text is still in the field, but the page tried to send it: {sent_in_vain[0]}"


# The last of the guided checks, for it stops the server.
def test_a_server_that_is_gone_is_told(open_page, site):
    """When the server is gone, the page says "closed", and says "error" first if it was never open.

    1. Stop the server and look at the page. Then let the page open an address that does not exist, and look again.
    2. A failed handshake fires `error` and then `close`. A connection that breaks fires only `close`.
    3. `socket.addEventListener("error", () => show("error"));`. Do the rest in `close`, where the code is 1006.
    """
    ana = open_page("/", name="ana")
    ana.waits_for_attribute("#status", "data-state", "open")
    words = ana.text("#status")
    ben = open_page("/", name="ben", hold_sockets=True)
    ben.waits_for_attribute("#status", "data-state", "connecting")

    site.stop()
    ana.waits_for_attribute("#status", "data-state", "closed")
    ana.waits_for_text("#code", "1006")
    assert_other_words(ana, words)

    ben.release_sockets()
    ben.waits_for_attribute("#status", "data-state", "closed")
    ben.waits_for_text("#code", "1006")
    states = ben.history("#status", "data-state")
    assert "error" in states, '#status never said "error".'
    assert "open" not in states, '#status said "open", but the connection was never open.'


@pytest.mark.own
def test_each_echo_shows_how_long_it_took(echo_page, open_page, fresh):
    """The `data-ms` of each li says how many milliseconds passed between the send and the echo.

    1. A message goes out in one place of your script and comes back in another. What do you have to remember in
       between, and what if three messages are on their way?
    2. A connection keeps the order: the oldest message without an echo is the one that comes back next. An array can
       be a queue: `push` adds at one end, and `shift` takes from the other.
    3. `performance.now()` gives milliseconds with a fraction, and `Math.round` makes them whole. Whatever
       you assign to `line.dataset.ms` becomes the attribute `data-ms`.
    """
    first, second = fresh.text(), fresh.text()
    echo_page.hold_answers()
    began = time.monotonic()
    send(echo_page, first)
    is_sent = time.monotonic()
    open_page("/", name="ben")  # which takes a while
    between = time.monotonic()
    send(echo_page, second)
    send(echo_page, first)  # once more: a text is not what tells two apart
    answered = time.monotonic()
    echo_page.release_answers()

    times = times_of(echo_page, [first, second, first])
    over = time.monotonic()
    assert_between(times[0], answered - is_sent, over - began)
    assert_between(times[1], 0, over - between)
    assert_between(times[2], 0, over - between)


@pytest.mark.own
def test_the_time_begins_when_the_text_is_sent(echo_page, open_page, fresh):
    """The time of a message that waits for the connection begins when it is sent, not when it was typed.

    1. A message may be typed seconds before the connection opens. That does not make its echo slow.
    2. Messages that wait and messages that can go at once leave your script in the same place. The time begins there.
    3. Remember `performance.now()` right after `socket.send`, and nowhere else.
    """
    texts = [fresh.text(), fresh.text()]
    ana = open_page("/", name="ana, early", hold_sockets=True)
    ana.waits_for_attribute("#status", "data-state", "connecting")
    taken = [text for text in texts if hand_in(ana, text)]
    open_page("/", name="ben")  # which takes a while
    released = time.monotonic()
    ana.release_sockets()
    ana.waits_for_attribute("#status", "data-state", "open")
    if not taken:
        send(ana, texts[1])

    for ms in times_of(ana, taken or texts[1:]):
        assert_between(ms, 0, time.monotonic() - released)


@pytest.mark.own
def test_the_page_counts_what_has_not_come_back(echo_page, open_page, fresh):
    """`#waiting` says how many messages the page has taken that have not come back, even after the end.

    1. Until its echo comes, a message is in one of two places: it waits for the connection, or it is on its way. Text
       that stays in the field is in neither.
    2. The number changes when a message leaves the field and when an echo comes. Nothing else changes it, not even the
       end: a message without an answer stays in the count.
    3. Make the element with `document.createElement`, give it its `id`, and `append` it to something on the page. If
       you have one queue for each of the two places, the number is the sum of their `length`s.
    """
    echo_page.waits_for_text("#waiting", "0")
    echo_page.hold_answers()
    texts = [fresh.text(), fresh.text(), fresh.text()]
    for number, text in enumerate(texts, 1):
        send(echo_page, text)
        echo_page.waits_for_text("#waiting", str(number))
    echo_page.release_answers()
    echo_page.waits_for_texts("#log li", texts)
    echo_page.waits_for_text("#waiting", "0")

    send(echo_page, f"bye {fresh.number(4001, 4999)}")  # which has no echo
    echo_page.waits_for_attribute("#status", "data-state", "closed")
    echo_page.waits_for_text("#waiting", "1")
    hand_in(echo_page, fresh.text())  # stays in the field
    echo_page.waits_for_text("#waiting", "1")

    ana = open_page("/", name="ana, early", hold_sockets=True)
    ana.waits_for_attribute("#status", "data-state", "connecting")
    ana.waits_for_text("#waiting", "0")
    taken = [text for text in texts if hand_in(ana, text)]
    ana.waits_for_text("#waiting", str(len(taken)))
    ana.release_sockets()
    ana.waits_for_texts("#log li", taken)
    ana.waits_for_text("#waiting", "0")


@pytest.fixture
def echo_page(site, open_page):
    """The page with an open connection, also after a check that has stopped the server."""
    if not site.lives:
        site.start_again()
    page = open_page("/")
    page.waits_for_attribute("#status", "data-state", "open")
    return page


def send(page, text):
    """Type a text and press Enter; return when the page has sent it."""
    before = len(sent_by(page))
    page.type("#message", text)
    page.press("Enter")
    is_sent = comes_true(lambda: sent_by(page)[before:] == [text], 3)
    assert is_sent, f'"{text}" was typed, but the page has not sent it.'


def times_of(page, texts):
    """Wait until these texts are in the log, and return the milliseconds of each."""
    page.waits_for_texts("#log li", texts)
    shown = [page.attribute(f"#log li:nth-of-type({number})", "data-ms") for number, _ in enumerate(texts, 1)]
    wrong = [ms for ms in shown if not (ms and ms.isdecimal())]
    assert not wrong, f"The data-ms of an li is {wrong[0]!r}, and not a whole number."
    return [int(ms) for ms in shown]


def assert_between(ms, least_s, most_s):
    """Assert that a time is one of those that are possible; both clocks may round."""
    least, most = max(0, int(least_s * 1000) - 20), int(most_s * 1000) + 20
    assert least <= ms <= most, f"An echo that took between {least} and {most} ms has a data-ms of {ms}."
