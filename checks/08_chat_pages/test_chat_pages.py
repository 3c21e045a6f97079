"""Two pages for a chat: `/chat/` asks for a room, `/chat/<room_name>/` talks to `ws/chat/<room_name>/`.

The log may be a list, a textarea or anything else that shows text, and may say more than the messages.
"""

import pytest

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
    """/chat/ has a field for the name of a room, with the focus in it, and a button.

    1. A page takes three things: a route, a view, a template. Which of them are there already?
    2. config/urls.py hands on to chat/urls.py what comes after chat/. For /chat/ itself that is the empty path.
    3. path("", views.index) in chat/urls.py; def index(request): return render(request, "chat/index.html")
    """
    page = open_page("/chat/")
    page.waits_for_focus(NAME)
    page.waits_for_count(ENTER, 1)


def test_enter_opens_the_room(open_page, fresh):
    """The name of a room, then Enter, leads to the page of that room.

    1. Two things are missing: index.js has to go somewhere, and a page has to be there.
    2. The form's "submit" event comes with Enter and with the button. Stop the browser's own way with it, then go to
       /chat/<room name>/. A route with <slug:room_name> hands the name to the view.
    3. event.preventDefault(); location.assign(`/chat/${roomName.value}/`); and path("<slug:room_name>/", views.room).
    """
    page = open_page("/chat/")
    page.type(NAME, name := fresh.word())
    page.press("Enter")
    page.waits_for_path(f"/chat/{name}/")
    page.waits_for_count(INPUT, 1)


def test_a_click_opens_the_room(open_page, fresh):
    """The name of a room, then a click on the button, leads to the page of that room.

    1. One listener is enough for both ways. Which event do the key and the click have in common?
    2. A button in a form sends the form.
    3. form.addEventListener("submit", …), not "keydown" of the field.
    """
    page = open_page("/chat/")
    page.type(NAME, name := fresh.word())
    page.click(ENTER)
    page.waits_for_path(f"/chat/{name}/")
    page.waits_for_count(INPUT, 1)


def test_the_page_opens_the_socket_of_its_room(open_page, fresh):
    """The page of a room opens a WebSocket to ws/chat/<room_name>/ of the same server.

    1. JavaScript knows nothing of the room yet. The view knows its name, and the template gets it from the view.
    2. {{ room_name|json_script:"room-name" }} puts it into the page, safe to read with JSON.parse. A path without a
       host leads to the server that the page came from.
    3. const roomName = JSON.parse(document.querySelector("#room-name").textContent);
       const socket = new WebSocket(`/ws/chat/${roomName}/`);
    """
    name = fresh.word()
    page = open_page(f"/chat/{name}/")
    page.waits_for_socket(f"/ws/chat/{name}/")


def test_a_message_appears_in_the_log(room, fresh):
    """A message that is sent with the button appears in #chat-log.

    1. It goes a long way: the field, the socket, your consumer of lesson 07, the socket, the log. Where does it stop?
    2. The consumer reads JSON, and answers with JSON: JSON.stringify on the way out, JSON.parse on the way in.
    3. In "submit": socket.send(JSON.stringify({ message: input.value })). In "message": JSON.parse(event.data).message,
       in a new element of the log.
    """
    room.type(INPUT, text := fresh.text())
    room.click(SEND)
    room.settle()
    room.waits_for_log(LOG, text)
    shows_json = '"message"' in room.text(LOG)
    assert not shows_json, "The log shows the JSON around the message."


def test_enter_sends_a_message(room, fresh):
    """Enter sends too; the field is empty afterwards, and keeps the focus.

    1. What does a browser do with a form by itself, when Enter is pressed in a field of it?
    2. It loads the page anew. event.preventDefault() stops that; everything else is yours to do.
    3. In "submit": event.preventDefault(); socket.send(…); input.value = "";
    """
    say(room, text := fresh.text())
    room.waits_for_log(LOG, text)
    room.waits_for_value(INPUT, "")
    room.waits_for_focus(INPUT)
    room.settle()
    room.waits_for_log(LOG, text)  # a page that was loaded anew has lost it


def test_earlier_messages_stay(room, fresh):
    """Messages stand in the log in their order, and earlier ones stay.

    1. What does your "message" listener do with what the log holds already?
    2. textContent = … puts something in its place; append() adds to it.
    3. Make a new element for each message, then log.append(line).
    """
    texts = [fresh.text() for _ in range(3)]
    for text in texts:
        say(room, text)
        room.waits_for_log(LOG, text)

    log = room.text(LOG)
    assert [text for text in texts if text in log] == texts
    assert sorted(texts, key=log.index) == texts


def test_the_keyboard_is_enough(open_page, fresh):
    """From the index page into a room and to a message in its log, all without a mouse.

    1. Open /chat/ and put the mouse away. Where do you have to click?
    2. A field takes the focus when it has the attribute autofocus, or when a script calls its focus().
    3. autofocus on #room-name-input, and on #chat-message-input.
    """
    page = open_page("/chat/")
    page.waits_for_focus(NAME)
    page.type(NAME, name := fresh.word())
    page.press("Enter")
    page.waits_for_path(f"/chat/{name}/")
    page.waits_for_focus(INPUT)
    page.waits_for_socket(f"/ws/chat/{name}/")
    say(page, text := fresh.text())
    page.waits_for_log(LOG, text)


def test_markup_in_a_message_is_shown_as_text(room, fresh):
    """Markup in a message is shown as it was typed, and nothing of it runs.

    1. Send <b>tea</b>. What has become of the tags?
    2. innerHTML reads a text as HTML, and runs what stands in it. Other properties take it as a text.
    3. line.textContent = …
    """
    text = f"<img src=x onerror=alert(1)> {fresh.text()} <b>tea</b> & scones"
    say(room, text)
    room.waits_for_log(LOG, text)
    assert room.count(f"{LOG} img") == 0


def test_an_empty_room_name_stays(open_page, fresh):
    """Beyond the tutorial: without a name of a room, Enter and the button lead nowhere.

    1. Press Enter in the empty field. Where do you land?
    2. An <input> can say by itself that it must not be empty. The browser then sends no form, and tells why.
    3. <input id="room-name-input" required …>, in a <form>.
    """
    page = open_page("/chat/")
    for go in (lambda: page.press("Enter", NAME), lambda: page.click(ENTER)):
        go()
        page.settle()
        assert page.count(NAME), f"Without a name, the page went to {page.path}."

    page.type(NAME, name := fresh.word())
    page.press("Enter")
    page.waits_for_path(f"/chat/{name}/")


def test_a_room_name_with_a_hyphen_works_or_is_refused(open_page, fresh):
    r"""Beyond the tutorial: a room like tea-room works, or is refused before its page opens.

    1. Two routes have a say: the one of the page, in chat/urls.py, and the one of the socket, in chat/routing.py.
    2. <str:…>, <slug:…> and \w+ each take other names. A page without its socket is a dead page.
    3. <slug:room_name> in both.
    """
    works_or_is_refused(open_page, fresh, f"{fresh.word()}-{fresh.word()}")


def test_a_room_name_with_a_space_works_or_is_refused(open_page, fresh):
    r"""Beyond the tutorial: a room like “tea room” works, or is refused before its page opens.

    1. Type a name with a space and press Enter. Is it a page to talk in, or an error?
    2. What the routes don't take, the field should not let through: an <input> can hold a pattern.
    3. pattern="[\-_a-zA-Z0-9]+" title="Letters, digits, - and _."
    """
    works_or_is_refused(open_page, fresh, f"{fresh.word()} {fresh.word()}")


def test_a_message_typed_too_early_is_not_lost(open_page, fresh):
    """Beyond the tutorial: a message typed before the connection is open is not lost, nor shown as if it were sent.

    1. On a slow line the page is there for seconds before its socket is open. Write something then.
    2. socket.readyState tells whether it is open. Until then, send() throws.
    3. if (socket.readyState !== WebSocket.OPEN) return; before the send: the text stays in the field. And the log gets
       its lines in one place only, in "message".
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


def say(page, text):
    """Type a message and press Enter; where that loads the page anew, what it showed before does not count."""
    page.type(INPUT, text)
    page.press("Enter")
    page.settle()


def works_or_is_refused(open_page, fresh, name):
    """Go to a room from the index page, and talk there; or stay there, where the next name leads to a room."""
    page = open_page("/chat/")
    page.type(NAME, name)
    page.press("Enter")
    page.settle()
    if page.count(NAME):
        page.type(NAME, fresh.word())
        page.press("Enter")
        page.settle()
    assert page.count(INPUT), f"The room {name!r} led to {page.path}, and that is no page to talk in."

    page.waits_for_socket(f"/ws{page.path}")
    say(page, text := fresh.text())
    page.waits_for_log(LOG, text)
