"""Tests for a chat: the student's tests, run against a chat that works and against chats that are broken."""

import pytest


def test_they_pass_for_the_chat(suites):
    """Your tests pass for the chat as it is.

    1. Begin with tests/test_consumer.py: one test with two members in a room, one of whom says something.
    2. WebsocketCommunicator(application, path, headers) is the client. Await its connect, send_json_to and so on.
    3. The application comes from config.asgi, the path is "/ws/chat/tea/", and headers=[(b"origin",
       b"http://localhost")].
    """
    suites.pass_for_the_chat()


def test_they_pass_in_any_order(suites):
    """Your tests pass a second time, in the reverse order.

    1. Which test needs something that another test has created or left behind?
    2. Each test brings in its own members and lets them go: await communicator.disconnect().
    3. An @asynccontextmanager that connects, yields the communicator and then disconnects does both.
    """
    suites.pass_in_any_order()


def test_they_pass_for_the_same_chat_in_other_words(suites):
    """Your tests pass for the same chat written differently.

    1. Do your tests read the chat's source, or rely on a name in it that no client ever sees?
    2. A test may know only what a member knows: paths, the JSON that goes back and forth, what the page shows.
    3. For an error, assert "error" in reply, not its wording.
    """
    suites.pass_for_other_words()


def test_your_database_is_left_alone(suites):
    """Your tests leave db.sqlite3 alone.

    1. The live server is another process. It can't see an in-memory database of this one, so the tests need a file.
    2. Django deletes the test database before and after the tests. Which file is that? See settings.py.
    3. "TEST": {"NAME": BASE_DIR / "test.sqlite3"} next to "NAME".
    """
    suites.leave_the_database_alone()


def test_nobody_gets_in(notice):
    """They notice a chat that never lets anybody in.

    1. What does await communicator.connect() return?
    2. It returns a pair: whether the chat accepted, and the subprotocol or the close code.
    3. accepted, _ = await communicator.connect(), then assert accepted.
    """
    notice()


def test_nothing_is_sent(notice):
    """They notice a chat in which nobody hears anything.

    1. A test that only sends proves nothing. Who has to hear it?
    2. await communicator.receive_json_from() waits for a second and fails if nothing comes.
    3. assert await ben.receive_json_from() == {"message": "hello"}
    """
    notice()


def test_everybody_is_thrown_out(notice):
    """They notice a chat that throws everybody out at the first message.

    1. It accepts, but its consumers fail when an event comes from the group. Your test has to send a message.
    2. An exception in a consumer comes out of the communicator's next call: receive_json_from or disconnect.
    3. Let ana send {"message": "hello"}, and let ben receive it.
    """
    notice()


def test_the_speaker_hears_nothing(notice):
    """They notice a chat that keeps your own messages from you.

    1. Who in the room should hear a message? Does that include the sender?
    2. Let the sender receive too.
    3. assert await ana.receive_json_from() == {"message": "hello"}, after ana has sent it.
    """
    notice()


def test_messages_come_twice(notice):
    """They notice a chat that delivers every message twice.

    1. After the first message has arrived, what is the next one?
    2. Send two different messages, and receive two. Waiting for silence works too, but is slower and less reliable.
    3. ana says "first" and "second", and ben receives ["first", "second"].
    """
    notice()


def test_all_rooms_are_one(notice):
    """They notice a chat in which all rooms are one.

    1. Put cleo into a different room from ana. What must she not hear?
    2. To prove that nothing came, let cleo say something herself. It must be the first thing she hears.
    3. ana says "for tea" and hears it. cleo says "for coffee", and the next thing she receives is "for coffee".
    """
    notice()


def test_the_last_room_gets_it_all(notice):
    """They notice a chat that sends everything to the room that somebody entered last.

    1. This chat keeps the room on the class, where all consumers share it. When does that show?
    2. Let ana enter tea, and after her let cleo enter coffee. Only then let ana speak.
    3. ana must hear her own message, and cleo must not.
    """
    notice()


def test_nobody_leaves_the_group(notice):
    """They notice a chat that never leaves its group.

    1. No client sees this. It shows on the channel layer, after a member has gone.
    2. InMemoryChannelLayer keeps its groups in a dictionary, get_channel_layer().groups. pytest-django's fixture
       `settings` switches to it for one test: settings.CHANNEL_LAYERS = …
    3. {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}. There is one group while ana is in, and none
       when she has left.
    """
    notice()


def test_a_client_picks_the_handler(notice):
    """They notice a chat in which a client picks the handler.

    1. What if someone sends a "type" along with a message?
    2. It must not become the type of the event for the group. Otherwise the others would run whatever it names.
    3. ana sends {"type": "websocket.disconnect", "message": "hello"}, and ben hears "hello".
    """
    notice()


def test_bad_json_ends_it(notice):
    """They notice a chat that hangs up on malformed JSON.

    1. What comes back for text that is not JSON, and does the connection stay open?
    2. send_to(text_data="no JSON") sends the text unchanged.
    3. "error" in await ana.receive_json_from(), and afterwards ana can still say something and hear it.
    """
    notice()


def test_everybody_waits(notice):
    """They notice a chat that sleeps half a second over each message.

    1. All messages arrive in order. Only the clock shows the difference.
    2. Call time.monotonic() before and after. Ten messages make the difference clear even on a slow machine.
    3. Send and receive ten times, and assert that it took less than 3 seconds. This chat takes 5.
    """
    notice()


def test_other_sites_get_in(notice):
    """They notice a chat that pages of other sites may open.

    1. When a page opens a WebSocket, the browser says in one header which site the page comes from.
    2. The communicator sends the headers that you give it, as pairs of bytes.
    3. With headers=[(b"origin", b"http://evil.example")], connect() returns False first.
    """
    notice()


def test_longer_paths_get_in(notice):
    """They notice a chat that answers at longer paths too.

    1. What is at /ws/chat/tea/extra/?
    2. Nothing. URLRouter raises ValueError, and so does connect() in your test.
    3. with pytest.raises(ValueError, match="No route found"): await communicator.connect()
    """
    notice()


def test_processes_are_apart(notice):
    """They notice a chat whose processes do not hear each other.

    1. In production, ana and ben are served by two processes. Where do your tests have two?
    2. ChannelsLiveServerTestCase runs the server in a separate process. A communicator runs in the test's own
       process.
    3. Open a room in the browser, let a communicator say something there, and wait for it on the page. A synchronous
       test calls a coroutine with async_to_sync.
    """
    notice()


def test_the_page_calls_a_fixed_port(notice):
    """They notice a page that looks for its server at a fixed port.

    1. No test of the consumer sees the page. This one is for tests/test_browser.py.
    2. Open self.live_server_url + "/chat/tea/" and wait until #status says "open".
    3. WebDriverWait(chrome, 3).until(lambda _: chrome.find_element(By.CSS_SELECTOR, "#status").text == "open")
    """
    notice()


def test_the_page_takes_messages_for_html(notice):
    """They notice a page that treats messages as HTML.

    1. What does the page show when someone sends <b>hello</b>?
    2. It should show exactly what was sent. Treated as HTML, the < and > are gone.
    3. Type "<b>hello</b>" into #chat-message-input, and wait until the text of #chat-log is "<b>hello</b>".
    """
    notice()


def test_the_first_page_leads_nowhere(notice):
    """They notice a first page that leads nowhere.

    1. Where does a visitor begin? At /chat/.
    2. Type a room's name into #room-name-input, and press Enter.
    3. Wait for the page of a room: #status is there, or current_url ends with /chat/tea/.
    """
    notice()


@pytest.mark.own
def test_errors_are_overheard(notice):
    """They notice a chat that tells everyone in the room of an error that one of them made.

    1. Your test of bad input has one member. Whom does an error concern, and who else is in the room?
    2. Nobody hears nothing by waiting. What did Step 3 do to prove that nothing came?
    3. Two members in a room. After the error, a message for both: it must be the first thing that the other hears.
    """
    notice()


@pytest.mark.own
def test_capital_letters_are_ignored(notice):
    """They notice a chat in which two rooms are one if their names differ only in capital letters.

    1. How alike may the names of two rooms be and still be the names of two rooms?
    2. Your test with two rooms uses names that have nothing in common. Any mixing of similar names passes it.
    3. Let two members enter rooms whose names differ in one capital letter. Then do as in Step 3.
    """
    notice()


@pytest.mark.own
def test_one_leaves_and_all_are_out(notice):
    """They notice a chat that ends for everyone in a room when one of them leaves.

    1. In all of your tests, the end of one member is the end of the test. Who is still there when someone leaves?
    2. A member leaves where its `async with` ends. What must still work afterwards?
    3. Two members, one inside the other. After the inner `async with`, the one who stays says something and hears it.
    """
    notice()
