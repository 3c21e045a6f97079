from asgiref.sync import async_to_sync
from channels.testing import ChannelsLiveServerTestCase
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from tests.chrome import open_chrome
from tests.test_consumer import member, say


class RoomTests(ChannelsLiveServerTestCase):
    @classmethod
    def setUpClass(cls):
        cls.chrome = open_chrome()
        cls.addClassCleanup(cls.chrome.quit)
        super().setUpClass()

    def open(self, path):
        """Open a page in a new window, and return the window's handle."""
        self.chrome.switch_to.new_window("window")
        self.addCleanup(self.close, self.chrome.current_window_handle)
        self.chrome.get(self.live_server_url + path)
        return self.chrome.current_window_handle

    def close(self, window):
        self.chrome.switch_to.window(window)
        self.chrome.close()
        self.chrome.switch_to.window(self.chrome.window_handles[0])

    def enter(self, room):
        window = self.open(f"/chat/{room}/")
        self.wait_for("#status", "open")
        return window

    def write(self, text):
        self.find("#chat-message-input").send_keys(text, Keys.ENTER)

    def find(self, css):
        return self.chrome.find_element(By.CSS_SELECTOR, css)

    def wait_for(self, css, text):
        WebDriverWait(self.chrome, 3).until(lambda _: self.find(css).text == text, f"{css} is not {text!r}")

    def test_both_windows_of_a_room_show_a_message(self):
        ana, ben = self.enter("tea"), self.enter("tea")
        self.write("hello")

        for window in (ben, ana):
            self.chrome.switch_to.window(window)
            self.wait_for("#chat-log", "hello")

    def test_the_first_page_leads_to_a_room(self):
        self.open("/chat/")
        self.find("#room-name-input").send_keys("tea", Keys.ENTER)

        self.wait_for("#status", "open")
        assert self.chrome.current_url == f"{self.live_server_url}/chat/tea/"

    def test_a_message_is_shown_as_text(self):
        self.enter("tea")
        self.write("<b>hello</b>")

        self.wait_for("#chat-log", "<b>hello</b>")

    def test_a_message_from_another_process_is_shown(self):
        self.enter("tea")
        async_to_sync(self.say_hello)()

        self.wait_for("#chat-log", "hello")

    async def say_hello(self):
        async with member("tea") as ana:
            await say(ana, "hello")
