"""Two pages for a chat: `/chat/` asks for a room, `/chat/<room_name>/` talks to `ws/chat/<room_name>/`.

The log may be a list, a textarea or anything else that shows text, and may say more than the messages.
"""

import json
from urllib.parse import quote

import pytest
from edges import TEXTS

from course.testbed.deadlines import comes_true

# Texts that can be typed into a single-line field and shown unchanged. Markup has a check of its own.
TYPED = " ".join(text for text in TEXTS if text == " ".join(text.split()) and not set("<&") & set(text))
STATUS = "#status"
DROPPED = "already in CLOSING or CLOSED state"  # what Chrome notes when it drops what send() was given
SIGHT_LINES = 40
MANY = 120  # messages, more than a log that forgets would keep
LONG_S = 60
NAME, ENTER = "#room-name-input", "#room-name-submit"
LOG, INPUT, SEND = "#chat-log", "#chat-message-input", "#chat-message-submit"


@pytest.fixture
def room(open_page, fresh):
    """The page of a room, once its socket is open."""
    name = fresh.word()
    page = open_page(f"/chat/{name}/")
    page.waits_for_socket(f"/ws/chat/{name}/")
    return page


def test_the_index_page_asks_for_a_room(open_page):
    """/chat/ has a focused field for the name of a room, and a button.

    1. A page needs three things: a route, a view and a template. Which of them are already there?
    2. config/urls.py passes whatever follows chat/ to chat/urls.py. For /chat/ itself, that is the empty path.
    3. path("", views.index) in chat/urls.py; def index(request): return render(request, "chat/index.html")
    """
    page = open_page("/chat/")
    page.waits_for_focus(NAME)
    page.waits_for_count(ENTER, 1)
    assert_each_link_says_what_for(page)


def test_enter_opens_the_room(open_page, fresh):
    """Typing a room's name and pressing Enter leads to the page of that room.

    1. Two things are missing: index.js has to go to a page, and the page has to exist.
    2. The form's "submit" event comes with Enter and with the button. Stop the browser's default action, then go to
       /chat/<room name>/. A route with <slug:room_name> passes the name to the view.
    3. event.preventDefault(); location.assign(`/chat/${roomName.value}/`); and path("<slug:room_name>/", views.room).
    """
    page = open_page("/chat/")
    page.type(NAME, name := f"{fresh.word().capitalize()}_{fresh.number(1, 9)}")
    page.press("Enter")
    page.waits_for_path(f"/chat/{name}/")
    page.waits_for_count(INPUT, 1)


def test_a_click_opens_the_room(open_page, fresh):
    """Typing a room's name and clicking the button leads to the page of that room.

    1. One listener is enough for both. Which event do the key and the click have in common?
    2. A button in a form submits the form.
    3. form.addEventListener("submit", …), not "keydown" of the field.
    """
    page = open_page("/chat/")
    page.type(NAME, name := fresh.word())
    page.click(ENTER)
    page.waits_for_path(f"/chat/{name}/")
    page.waits_for_count(INPUT, 1)


def test_the_page_opens_the_socket_of_its_room(open_page, fresh):
    """The page of a room opens one WebSocket, to ws/chat/<room_name>/ on the same server, however you got there.

    1. JavaScript does not know the room yet. The view knows its name, and passes it to the template.
    2. {{ room_name|json_script:"room-name" }} puts the name into the page, so that JSON.parse can read it safely. A
       path without a host leads to the server that the page came from.
    3. const roomName = JSON.parse(document.querySelector("#room-name").textContent);
       const socket = new WebSocket(`/ws/chat/${roomName}/`);
    """
    name = f"{fresh.word().capitalize()}_{fresh.number(1, 9)}"
    page = open_page(f"/chat/{name}/")
    page.waits_for_socket(f"/ws/chat/{name}/")
    count = page.attempts
    assert count == 1, f"The page opened {count} WebSockets."

    page.go("/chat/")
    page.type(NAME, entered := fresh.word())
    page.press("Enter")
    page.waits_for_socket(f"/ws/chat/{entered}/")
    for more in ("", "?from=/chat/tea/", "#chat-log"):  # as a link may be written
        page.go(f"/chat/{(linked := fresh.word())}/{more}")
        page.settle()
        page.waits_for_socket(f"/ws/chat/{linked}/")


def test_a_message_appears_in_the_log(room, fresh):
    """A message sent with the button appears in #chat-log as it was typed, once the server has sent it back.

    1. The message goes a long way: field, socket, your consumer of lesson 07, socket, log. Where does it stop?
    2. The consumer reads JSON and answers with JSON: use JSON.stringify on the way out and JSON.parse on the way in.
       Both handle quotation marks and backslashes.
    3. In "submit": socket.send(JSON.stringify({ message: input.value })). In "message": JSON.parse(event.data).message,
       in a new element of the log.
    """
    for text in (fresh.text(), f"{fresh.text()} {TYPED}"):
        room.type(INPUT, text)
        room.click(SEND)
        room.settle()
        room.waits_for_log(LOG, text)
        room.waits_for_value(INPUT, "")
        shows_json = '"message"' in room.text(LOG)
        assert not shows_json, "The log shows the JSON around the message."
    assert not room.errors, "The browser's console shows an error."

    say(room, spaced := f"  {fresh.text()}  ")
    room.waits_for_log(LOG, spaced.strip())  # HTML shows no blanks at the ends
    assert messages_sent_by(room)[-1] == spaced

    room.hold_answers()
    room.type(INPUT, late := fresh.text())
    room.click(SEND)
    room.settle()
    is_shown = late in room.text(LOG)
    assert not is_shown, "The log shows a message that the server has not sent back yet."
    can_type = not room.count(f"{INPUT}:disabled, {INPUT}[readonly]")
    if can_type:
        room.type(INPUT, typed_next := fresh.text())
    room.release_answers()
    room.waits_for_log(LOG, late)
    is_lost = can_type and room.value(INPUT) != typed_next
    assert not is_lost, "A message came back, and the text that was typed in the meantime is gone."


def test_enter_sends_a_message(room, fresh):
    """Enter sends too. Afterwards the field is empty and keeps the focus.

    1. What does a browser do with a form when you press Enter in one of its fields?
    2. It reloads the page. event.preventDefault() stops that. You do everything else yourself.
    3. In "submit": event.preventDefault(); socket.send(…); input.value = "";
    """
    say(room, text := fresh.text())
    room.waits_for_log(LOG, text)
    room.waits_for_value(INPUT, "")
    room.waits_for_focus(INPUT)
    room.settle()
    room.waits_for_log(LOG, text)  # a page that was reloaded has lost it


def test_earlier_messages_stay(room, fresh):
    """The log shows all messages in order, each as often as it was sent, and earlier ones stay.

    1. What does your "message" listener do with the lines that are already in the log? And how many such listeners
       are there after three messages?
    2. textContent = … replaces the content, and append() adds to it. Each addEventListener adds one more listener.
    3. Use one listener for "message", outside "submit". In it, create a new element for each message, then
       log.append(line).
    """
    first, second, last = texts = [fresh.text() for _ in range(3)]
    spoken = [first, second, second, first, last]  # the same text twice is two messages
    for text in spoken:
        say(room, text)
        room.waits_for_log(LOG, text)

    log = room.text(LOG)
    assert [text for text in texts if text in log] == texts
    assert sorted(texts, key=log.index) == texts
    for text in texts:
        assert_times(log, text, spoken.count(text))
    said = messages_sent_by(room)
    assert said == spoken

    for number in range(MANY):
        room.server_says(json.dumps({"message": f"{number} of {MANY}"}))
    room.waits_for_log(LOG, f"{MANY - 1} of {MANY}")
    assert first in room.text(LOG), f"After {MANY} more messages, the log has lost the first one."

    room.go(f"/chat/{(other := fresh.word())}/")
    room.waits_for_socket(f"/ws/chat/{other}/")
    strays = [text for text in texts if text in room.text(LOG)]
    assert not strays, f"The log of the room {other!r} shows {strays[0]!r}, which was said in another room."


def test_the_keyboard_is_enough(open_page, fresh):
    """The keyboard is enough to enter a room, send a message and see it in the log, and each label has its field.

    1. Open /chat/ and put the mouse away. Where would you have to click?
    2. A field gets the focus if it has the attribute autofocus, or when a script calls its focus(). A screen reader
       reads the label of the focused field, and finds the label by the field's id.
    3. autofocus on #room-name-input, and on #chat-message-input; and for="…" of a <label> is the id of its field.
    """
    page = open_page("/chat/")
    page.waits_for_focus(NAME)
    assert_no_stray_label(page)
    page.type(NAME, name := fresh.word())
    page.press("Enter")
    page.waits_for_path(f"/chat/{name}/")
    page.waits_for_focus(INPUT)
    assert_no_stray_label(page)
    page.waits_for_socket(f"/ws/chat/{name}/")
    say(page, text := fresh.text())
    page.waits_for_log(LOG, text)


def test_markup_in_a_message_is_shown_as_text(room, fresh):
    """Markup in a message is shown as it was typed, and none of it runs.

    1. Send <b>tea</b>. What happened to the tags?
    2. innerHTML reads a string as HTML, and runs what is in it. Another property shows it as text.
    3. line.textContent = …
    """
    address = 'https://tea.example/"onclick="alert(1)'
    text = f"<img src=x onerror=alert(1)> {fresh.text()} <b>tea</b> &lt; {address} & scones"
    say(room, text)
    room.waits_for_log(LOG, text)
    made = room.count(f"{LOG} :is(img, b, [onclick])")
    assert made == 0, "The text is shown, but a part of it has become markup."


def test_an_empty_room_name_stays(open_page, fresh):
    r"""Beyond the tutorial: without a room's name, or with only spaces, Enter and the button lead nowhere.

    1. Press Enter in the empty field, and then with two spaces in it. Where do you land?
    2. An <input> can say that it must not be empty. The browser then does not submit the form, and says why. But a
       space is not empty. A pattern says which characters a name may have.
    3. <input id="room-name-input" required pattern="[\-_a-zA-Z0-9]+" …>, in a <form>.
    """
    page = open_page("/chat/")
    for go in (lambda: page.press("Enter", NAME), lambda: page.click(ENTER)):
        go()
        page.settle()
        assert page.count(NAME), f"Without a name, the page went to {page.path}."
    page.type(NAME, "  ")
    page.press("Enter")
    page.settle()
    assert page.count(NAME) or page.count(INPUT), f"With only spaces for a name, the page went to {page.path}."
    if not page.count(NAME):
        page.go("/chat/")

    page.type(NAME, name := fresh.word())
    page.press("Enter")
    page.waits_for_path(f"/chat/{name}/")


def test_a_room_name_with_a_hyphen_works_or_is_refused(site, open_page, fresh):
    r"""Beyond the tutorial: a room like tea-room works, or is refused both in the field and at its address.

    1. Three places decide: the field, the page's route in chat/urls.py, and the socket's route in chat/routing.py.
    2. <str:…>, <slug:…> and \w+ each match different names. A page without its socket is dead, and a field that
       refuses names that the routes accept keeps people out of a room that exists.
    3. <slug:room_name> in both routes, and pattern="[\-_a-zA-Z0-9]+" in the field.
    """
    works_or_is_refused(site, open_page, fresh, [f"{fresh.word()}-{fresh.word()}"])


def test_a_room_name_with_a_space_works_or_is_refused(site, open_page, fresh):
    r"""Beyond the tutorial: a room like “tea room”, “tea/room” or “thé” works, or is refused without an error.

    1. Type a name with a space and press Enter. Do you get a chat page or an error? And at /chat/tea%20room/?
    2. The field should accept exactly the names that the routes accept. An <input> can have a pattern.
    3. pattern="[\-_a-zA-Z0-9]+" title="Letters, digits, - and _."
    """
    works_or_is_refused(site, open_page, fresh, [f"{fresh.word()}{odd}{fresh.word()}" for odd in (" ", "/", "é")])


def test_a_room_name_is_never_markup(site, open_page, fresh):
    """Beyond the tutorial: the page says which room it is. A name with markup in it is refused or shown as text.

    1. Anyone can make a link to any room and send it to you. How much of its name reaches your page?
    2. {{ room_name }} is escaped for HTML. |safe removes that protection, and inside a <script> it does not help.
    3. <slug:room_name> in the route, {{ room_name }} in the heading, {{ room_name|json_script:"room-name" }} for the
       script.
    """
    page = open_page(f"/chat/{(name := fresh.word())}/")
    assert name in page.text("body"), f"Nothing on the page of the room {name!r} says its name."
    assert_each_link_says_what_for(page)

    path = f"/chat/{quote(f'{fresh.word()}<img src=x onerror=alert(1)>', safe='')}/"
    status = site.get(path).status
    assert status < 500, f"For a room with markup in its name, the server answers HTTP {status}."
    if status < 400:
        page.go(path)
        page.settle()
        assert page.count("img") == 0, "A picture from the room's name is part of the page."


def test_the_socket_opens_under_https(open_page, fresh):
    """Beyond the tutorial: the WebSocket also opens when the page comes over https.

    1. A page that came over https may open only wss:. Which scheme does your script use?
    2. A path without a scheme and a host takes both from the page, as a link does.
    3. new WebSocket(`/ws/chat/${roomName}/`)
    """
    name = fresh.word()
    page = open_page(f"/chat/{name}/", https=True)
    page.waits_for_socket(f"/ws/chat/{name}/")


def test_a_message_typed_too_early_is_not_lost(open_page, fresh):
    """Beyond the tutorial: a message typed before the connection is open is not lost, and not shown as if it were sent.

    1. On a slow line, the page is there for seconds before its socket is open. Send something then.
    2. socket.readyState says whether it is open. Until then, send() throws.
    3. Put if (socket.readyState !== WebSocket.OPEN) return; before the send, so that the text stays in the field. And
       add lines to the log in one place only, in "message".
    """
    name, text = fresh.word(), fresh.text()
    page = open_page(f"/chat/{name}/", hold_sockets=True)
    say(page, text)
    is_kept = page.value(INPUT) == text
    is_shown = text in page.text(LOG)
    assert not is_shown, "The log shows a message that has not been to the server."

    page.release_sockets()
    page.waits_for_socket(f"/ws/chat/{name}/")
    if is_kept:
        page.press("Enter", INPUT)
    page.waits_for_log(LOG, text)
    say(page, fence := fresh.text())
    page.waits_for_log(LOG, fence)
    assert messages_sent_by(page) == [text, fence]

    slow = open_page(f"/chat/{name}/", name="ben", hold_sockets=True)
    say(slow, text)
    slow.let_time_pass(LONG_S)
    uncaught = [error for error in slow.errors if error.startswith("Uncaught")]
    assert not uncaught, f"The page has been connecting for a long time, and its script failed: {uncaught[0]}"


def test_the_page_tells_how_its_connection_is(open_page, fresh):
    """Beyond the tutorial: #status, if there is one, says in words when the connection opens and when it ends.

    1. Look at the page, stop the server, and look again. How do users learn that nobody hears them any more?
    2. A WebSocket has an event for each: "open" and "close", whichever side closes.
    3. socket.addEventListener("open", () => { status.textContent = "open"; }); and in "close" the code:
       status.textContent = `closed (${event.code})`;
    """
    name = fresh.word()
    page = open_page(f"/chat/{name}/", hold_sockets=True)
    page.waits_for_count(INPUT, 1)
    connecting = words_of(page)
    page.release_sockets()
    page.waits_for_socket(f"/ws/chat/{name}/")
    opened = assert_says_something_else(page, connecting, "The connection is open")

    page.hold_sockets()  # a page that tries to come back is kept waiting
    page.say_goodbye(fresh.number(4000, 4999))
    assert_says_something_else(page, opened, "The connection has ended")


def test_a_message_typed_too_late_is_not_lost(room, fresh):
    """Beyond the tutorial: a message typed after the connection has ended is not lost, but stays in the field.

    1. Stop the server, type something, and press Enter. Where is the text?
    2. After the end, send() silently drops what it is given, and socket.readyState is not WebSocket.OPEN.
    3. Write if (socket.readyState !== WebSocket.OPEN) return; before you empty the field.
    """
    room.hold_sockets()
    room.say_goodbye(fresh.number(4000, 4999))

    say(room, text := fresh.text())
    if room.value(INPUT) == text:
        sent_in_vain = [error for error in room.errors if DROPPED in error]
        assert not sent_in_vain, f"The text is still in the field, but the page tried to send it: {sent_in_vain[0]}"
    else:  # the page keeps it elsewhere, and reconnects
        room.release_sockets()
        room.waits_for_log(LOG, text)


def test_an_error_is_not_shown_as_a_message(room, fresh):
    """Beyond the tutorial: an {"error": why} from the server is not shown as a message, and the page goes on working.

    1. Not every object that arrives has a "message". What does the log show then?
    2. A missing key is undefined in JavaScript. As text, it says "undefined" or nothing.
    3. line.textContent = "error" in data ? `Not sent: ${data.error}` : data.message;
    """
    empty = room.texts(f"{LOG} > *").count("")
    room.server_says(json.dumps({"error": fresh.text()}))
    say(room, text := fresh.text())
    room.waits_for_log(LOG, text)

    assert "undefined" not in room.text(LOG), 'The server sent an error, and the log says "undefined".'
    more = room.texts(f"{LOG} > *").count("") > empty
    assert not more, "The server sent an error, and the log has an empty line."
    uncaught = [error for error in room.errors if error.startswith("Uncaught")]
    assert not uncaught, f"The server sent an error, and the page's script failed: {uncaught[0]}"


def test_the_newest_message_is_in_sight(room, fresh):
    """Beyond the tutorial: however long the log is, its newest message is in view.

    1. Talk until the log is full. Where does the next message go?
    2. An element can scroll itself into view, and a scrolling box has a scrollTop.
    3. Call line.scrollIntoView({ block: "nearest" }); after you have added it to the log.
    """
    if room.count(f"textarea{LOG}"):
        return  # the tutorial's log, which users scroll themselves
    for _ in range(2):
        say(room, " ".join(fresh.text() for _ in range(SIGHT_LINES * 5)))
    say(room, text := fresh.text())
    room.waits_for_log(LOG, text)
    room.waits_for_sight(LOG, text)


def words_of(page):
    return page.text(STATUS) if page.count(STATUS) else ""


def assert_says_something_else(page, before, what):
    """Assert that #status has other words now, and return them; a page without one, or without words, may pass."""
    changed = comes_true(lambda: not before or words_of(page) not in ("", before), 3)
    words = words_of(page)
    assert changed, f'{what}, but #status says "{words}".'
    assert not before or any(sign.isalpha() for sign in words), f'{what}, but #status has no words: "{words}".'
    return words


def assert_each_link_says_what_for(page):
    without = page.count("link:is([href]:not([rel], [itemprop]), [rel=stylesheet]:not([href]))")
    assert not without, "A <link> of the page has no rel or no href, so the browser does nothing with it."


def assert_no_stray_label(page):
    strays = page.stray_labels()
    assert not strays, f"The label “{strays[0]}” belongs to no field."


def assert_times(log, text, expected):
    times = log.count(text)
    assert times == expected, f"{text!r} was sent {in_words(expected)}, but is in the log {in_words(times)}."


def in_words(times):
    return {0: "not at all", 1: "once", 2: "twice"}.get(times, f"{times} times")


def messages_sent_by(page):
    """Return the messages that a page has sent, whatever else it has said."""
    frames = [parsed(frame) for socket in page.sockets for frame in socket.sent]
    return [frame["message"] for frame in frames if isinstance(frame, dict) and "message" in frame]


def parsed(frame):
    try:
        return json.loads(frame)
    except ValueError:
        return None


def say(page, text):
    """Type a message and press Enter; if that reloads the page, what it showed before does not count."""
    page.type(INPUT, text)
    page.press("Enter")
    page.settle()


def works_or_is_refused(site, open_page, fresh, names):
    """Go to each room from the index page, and talk there; or stay there, and then its address opens no page either."""
    page = open_page("/chat/")
    for name in names:
        if not page.count(NAME):
            page.go("/chat/")
        page.type(NAME, name)
        page.press("Enter")
        page.settle()
        if not page.count(NAME):
            talks(page, fresh, name)
            continue
        answer = site.get(address := f"/chat/{quote(name)}/")
        opens = answer.status == 200 and INPUT.removeprefix("#") in answer.text
        assert not opens, f"The field refuses the room {name!r}, but {address} opens its page."

    if page.count(NAME):
        page.type(NAME, name := fresh.word())
        page.press("Enter")
        page.settle()
        talks(page, fresh, name)


def talks(page, fresh, name):
    """Assert that a page to talk in has opened for a room, and talk in it."""
    assert page.count(INPUT), f"The room {name!r} led to {page.path}, which is not a chat page."
    page.waits_for_socket(f"/ws{page.path}")
    say(page, text := fresh.text())
    page.waits_for_log(LOG, text)
