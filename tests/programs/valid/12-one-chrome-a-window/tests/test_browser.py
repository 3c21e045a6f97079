import asyncio

from channels.testing import ChannelsLiveServerTestCase
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions as ec
from selenium.webdriver.support.ui import WebDriverWait

from tests.chrome import open_chrome
from tests.test_consumer import member, say

LOG = (By.CSS_SELECTOR, "#chat-log li")


class Window:
    """A Chrome of its own."""

    def __init__(self, server):
        self.server, self.chrome = server, open_chrome()

    def until(self, fact):
        return WebDriverWait(self.chrome, 8, poll_frequency=0.1).until(fact)

    def go(self, path):
        self.chrome.get(self.server + path)

    def enter(self, room):
        self.go(f"/chat/{room}/")
        self.until(lambda chrome: chrome.find_element(By.ID, "status").text != "connecting")
        assert self.chrome.find_element(By.ID, "status").text == "open"

    def write(self, text):
        self.chrome.find_element(By.ID, "chat-message-input").send_keys(text)
        self.chrome.find_element(By.ID, "chat-message-submit").click()

    def lines(self, number):
        """Wait for so many messages, and return all that there are."""
        self.until(lambda chrome: len(chrome.find_elements(*LOG)) >= number)
        return [line.text for line in self.chrome.find_elements(*LOG)]


class BrowserTests(ChannelsLiveServerTestCase):
    @classmethod
    def setUpClass(cls):
        cls.windows = []
        for _ in range(2):
            window = Window("")
            cls.windows.append(window)
            cls.addClassCleanup(window.chrome.quit)
        super().setUpClass()

    def setUp(self):
        self.ana, self.ben = self.windows
        for window in self.windows:
            window.server = self.live_server_url

    def test_conversation(self):
        for window in self.windows:
            window.enter("hall")
        self.ana.write("one")
        self.assertEqual(self.ben.lines(1), ["one"])
        self.ben.write("two")
        self.assertEqual(self.ben.lines(2), ["one", "two"])
        self.assertEqual(self.ana.lines(2), ["one", "two"])

    def test_two_rooms(self):
        self.ana.enter("hall")
        self.ben.enter("garden")
        self.ana.write("in the hall")
        self.assertEqual(self.ana.lines(1), ["in the hall"])
        self.ben.write("in the garden")
        self.assertEqual(self.ben.lines(1), ["in the garden"])

    def test_tags_are_text(self):
        self.ana.enter("hall")
        self.ana.write("<i>look</i> & see")
        self.assertEqual(self.ana.lines(1), ["<i>look</i> & see"])

    def test_index(self):
        self.ben.go("/chat/")
        self.ben.chrome.find_element(By.ID, "room-name-input").send_keys("hall")
        self.ben.chrome.find_element(By.ID, "room-name-submit").click()
        self.ben.until(ec.url_to_be(f"{self.live_server_url}/chat/hall/"))

    def test_another_process(self):
        async def speak():
            async with member("hall") as cleo:
                await say(cleo, "from afar")

        self.ana.enter("hall")
        asyncio.run(speak())
        self.assertEqual(self.ana.lines(1), ["from afar"])
