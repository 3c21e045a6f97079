from asgiref.sync import async_to_sync
from channels.testing import ChannelsLiveServerTestCase
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from tests.chrome import open_chrome
from tests.test_consumer import member, say


class PageTests(ChannelsLiveServerTestCase):
    # --8<-- [start:start]
    @classmethod
    def setUpClass(cls):
        cls.chrome = open_chrome()
        cls.addClassCleanup(cls.chrome.quit)
        super().setUpClass()

    # --8<-- [end:start]
    # --8<-- [start:helpers]
    def open(self, path):
        """Open a page in a tab of its own, and return the tab."""
        self.chrome.switch_to.new_window("tab")
        self.chrome.get(self.live_server_url + path)
        return self.chrome.current_window_handle

    def enter(self, room):
        tab = self.open(f"/chat/{room}/")
        self.wait_until(lambda: self.text("#status") != "connecting")
        assert self.text("#status") == "open"
        return tab

    def write(self, text):
        self.find("#chat-message-input").send_keys(text, Keys.ENTER)

    def first_message(self):
        return self.wait_until(lambda: self.text("#chat-log li"))

    def find(self, css):
        return self.chrome.find_element(By.CSS_SELECTOR, css)

    def text(self, css):
        return self.find(css).text

    def wait_until(self, fact):
        try:
            return WebDriverWait(self.chrome, 5).until(lambda chrome: fact())
        except TimeoutException:
            raise AssertionError(f"{self.chrome.current_url} shows:\n{self.text('body')}") from None

    # --8<-- [end:helpers]
    # --8<-- [start:everyone]
    def test_everyone_in_a_room_sees_a_message(self):
        ana, ben = self.enter("tea"), self.enter("tea")
        self.write("hello")

        for tab in (ana, ben):
            self.chrome.switch_to.window(tab)
            assert self.first_message() == "hello"

    # --8<-- [end:everyone]
    # --8<-- [start:text]
    def test_a_message_is_shown_as_text(self):
        self.enter("tea")
        self.write("<b>hello</b>")

        assert self.first_message() == "<b>hello</b>"

    # --8<-- [end:text]
    # --8<-- [start:index]
    def test_the_first_page_leads_to_a_room(self):
        self.open("/chat/")
        self.find("#room-name-input").send_keys("tea", Keys.ENTER)

        self.wait_until(lambda: self.chrome.current_url == f"{self.live_server_url}/chat/tea/")

    # --8<-- [end:index]
    # --8<-- [start:processes]
    def test_a_message_from_another_process_is_shown(self):
        self.enter("tea")
        async_to_sync(self.say_from_this_process)("hello")

        assert self.first_message() == "hello"

    async def say_from_this_process(self, text):
        async with member("tea") as ana:
            await say(ana, text)

    # --8<-- [end:processes]
