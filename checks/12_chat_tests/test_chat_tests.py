"""Tests for a chat: the student's tests, run against a chat that works and against chats that are broken."""


def test_they_pass_for_the_chat(suites):
    """Your tests pass for the chat as it is.

    1. Begin with tests/test_consumer.py: one test in which two members are in a room, and one of them says something.
    2. WebsocketCommunicator(application, path, headers) is the client; its connect, send_json_to and so on are awaited.
    3. The application is config.asgi's, the path "/ws/chat/tea/", and headers=[(b"origin", b"http://localhost")].
    """
    suites.pass_for_the_chat()


def test_they_pass_in_any_order(suites):
    """Your tests pass a second time, in the reverse order.

    1. Which test needs something that another one has made or left behind?
    2. Each test brings its own members in, and lets them go: await communicator.disconnect().
    3. An @asynccontextmanager that connects, yields the communicator, and disconnects after it does both.
    """
    suites.pass_in_any_order()


def test_they_pass_for_the_same_chat_in_other_words(suites):
    """Your tests pass for the same chat in other words.

    1. Do your tests read the chat's source, or lean on a name in it that no client ever sees?
    2. What a test may know is what a member knows: paths, the JSON that goes back and forth, what the page shows.
    3. Of an error, assert "error" in reply, and not its wording.
    """
    suites.pass_for_other_words()


def test_your_database_is_left_alone(suites):
    """Your tests leave db.sqlite3 alone.

    1. The live server is another process. It can't see a database in the memory of this one, so the tests need a file.
    2. Django deletes the test database before and after the tests. Which file may that be? See settings.py.
    3. "TEST": {"NAME": BASE_DIR / "test.sqlite3"} beside "NAME".
    """
    suites.leave_the_database_alone()


def test_nobody_gets_in(notice):
    """They notice a chat that never lets anybody in.

    1. What does await communicator.connect() return?
    2. A pair: whether the chat accepted, and the subprotocol or the close code.
    3. accepted, _ = await communicator.connect(), then assert accepted.
    """
    notice()


def test_nothing_is_sent(notice):
    """They notice a chat in which nobody hears anything.

    1. A test that only sends proves nothing. Who has to hear it?
    2. await communicator.receive_json_from() waits for a second, and fails when nothing comes.
    3. assert await ben.receive_json_from() == {"message": "hello"}
    """
    notice()


def test_everybody_is_thrown_out(notice):
    """They notice a chat that throws everybody out at the first message.

    1. It accepts, and then its consumers fail when an event comes from the group. Your test has to say something.
    2. What a consumer raises comes out of the communicator's next call: receive_json_from, or disconnect.
    3. Let ana send {"message": "hello"}, and let ben receive it.
    """
    notice()


def test_the_speaker_hears_nothing(notice):
    """They notice a chat that keeps your own messages from you.

    1. Who in the room hears a message? Everybody, and who else?
    2. Let the one who sends receive too.
    3. assert await ana.receive_json_from() == {"message": "hello"}, where ana has said it.
    """
    notice()


def test_messages_come_twice(notice):
    """They notice a chat that delivers every message twice.

    1. After the first message has come, what is the next one?
    2. Send two different messages, and receive two. Waiting for silence works too, and is slower and less sure.
    3. ana says "first" and "second"; what ben receives is ["first", "second"].
    """
    notice()


def test_all_rooms_are_one(notice):
    """They notice a chat in which all rooms are one.

    1. Let cleo sit in another room than ana. What must she not hear?
    2. To prove that nothing came, let cleo say something herself: it must be the first thing that she hears.
    3. ana says "for tea" and hears it; cleo says "for coffee", and the next thing she receives is "for coffee".
    """
    notice()


def test_the_last_room_gets_it_all(notice):
    """They notice a chat that speaks to the room that somebody entered last.

    1. Here the room is kept on the class, where all consumers share it. When does that show?
    2. Let ana enter tea, and after her cleo enter coffee. Only then ana speaks.
    3. ana must hear her own message, and cleo must not.
    """
    notice()


def test_nobody_leaves_the_group(notice):
    """They notice a chat that never leaves its group.

    1. No client sees this. It shows on the channel layer, after a member has gone.
    2. InMemoryChannelLayer keeps its groups in a dictionary, get_channel_layer().groups. pytest-django's fixture
       `settings` puts it in place for one test: settings.CHANNEL_LAYERS = …
    3. {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}; there is one group while ana is in, and none
       when she has left.
    """
    notice()


def test_a_client_picks_the_handler(notice):
    """They notice a chat in which a client picks the handler.

    1. What if somebody sends a "type" along with a message?
    2. It must not become the type of the event that goes to the group: the others would run whatever it names.
    3. ana sends {"type": "websocket.disconnect", "message": "hello"}, and ben hears "hello".
    """
    notice()


def test_bad_json_ends_it(notice):
    """They notice a chat that hangs up on malformed JSON.

    1. What comes back for a text that is no JSON, and does the connection live on?
    2. send_to(text_data="no JSON") sends a text as it is.
    3. "error" in await ana.receive_json_from(), and afterwards ana can still say something and hear it.
    """
    notice()


def test_everybody_waits(notice):
    """They notice a chat that sleeps half a second over each message.

    1. All messages come, and in their order. Only the clock tells.
    2. time.monotonic() before and after; ten messages make the difference plain on a slow machine too.
    3. Send and receive ten times, and assert that it took less than 3 seconds; this chat takes 5.
    """
    notice()


def test_other_sites_get_in(notice):
    """They notice a chat that pages of other sites may open.

    1. A browser says in one header which site the page is from that opens a WebSocket.
    2. The communicator sends the headers that you give it, as pairs of bytes.
    3. With headers=[(b"origin", b"http://evil.example")], connect() returns False first.
    """
    notice()


def test_longer_paths_get_in(notice):
    """They notice a chat that answers at longer paths too.

    1. What is at /ws/chat/tea/extra/?
    2. Nothing. URLRouter raises ValueError, and connect() raises it in your test.
    3. with pytest.raises(ValueError, match="No route found"): await communicator.connect()
    """
    notice()


def test_processes_are_apart(notice):
    """They notice a chat whose processes do not hear each other.

    1. In production, ana and ben are served by two processes. Where do your tests have two?
    2. ChannelsLiveServerTestCase runs the server in a process of its own. A communicator in the test runs in this one.
    3. Open a room in the browser, let a communicator say something there, and wait for it on the page. A plain test
       calls a coroutine with async_to_sync.
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
    """They notice a page that takes messages for HTML.

    1. What does the page show when somebody writes <b>hello</b>?
    2. To the letter what was written. Taken for HTML, the < and > are gone.
    3. Write "<b>hello</b>" in #chat-message-input, and wait until the text of #chat-log is "<b>hello</b>".
    """
    notice()


def test_the_first_page_leads_nowhere(notice):
    """They notice a first page that leads nowhere.

    1. Where does a visitor begin? At /chat/.
    2. Type a room into #room-name-input, and press Enter.
    3. Wait until the page is a room's: #status is there, or current_url ends with /chat/tea/.
    """
    notice()
