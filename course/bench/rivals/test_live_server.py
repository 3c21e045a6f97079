"""A room and another room, in a browser: the method of Channels' tutorial, a live server and Selenium."""

import os

from channels.testing import ChannelsLiveServerTestCase
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

LIMIT_S = 5


class ChatTests(ChannelsLiveServerTestCase):
    """Two windows of one browser at the chat."""

    @classmethod
    def setUpClass(cls):
        """Start the server and the browser, once for all tests."""
        super().setUpClass()
        options = webdriver.ChromeOptions()
        options.binary_location = os.environ["BENCH_BROWSER"]
        for flag in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage"):
            options.add_argument(flag)
        cls.driver = webdriver.Chrome(options, webdriver.ChromeService(os.environ["BENCH_DRIVER"]))
        cls.addClassCleanup(cls.driver.quit)

    def test_everyone_in_the_room_hears_it(self):
        """What is said in one window is shown in both."""
        one, two = self.visit("tea"), self.visit("tea")
        self.say(one, "hello")
        self.sees(one, "hello")
        self.sees(two, "hello")

    def test_another_room_hears_nothing(self):
        """What is said in one room is not shown in the other."""
        tea, coffee = self.visit("tea"), self.visit("coffee")
        self.say(tea, "hello")
        self.sees(tea, "hello")
        self.say(coffee, "good morning")
        self.sees(coffee, "good morning")
        assert "hello" not in self.log()

    def visit(self, room):
        """Open a window, and go to a room through the first page."""
        self.driver.switch_to.new_window("window")
        self.driver.get(f"{self.live_server_url}/chat/")
        self.driver.find_element(By.ID, "room-name-input").send_keys(room, Keys.ENTER)
        self.wait(lambda: room in self.driver.current_url)
        self.wait(lambda: self.driver.find_element(By.ID, "status").text == "open")
        return self.driver.current_window_handle

    def say(self, window, text):
        """Type a message and press Enter."""
        self.driver.switch_to.window(window)
        self.driver.find_element(By.ID, "chat-message-input").send_keys(text, Keys.ENTER)

    def sees(self, window, text):
        """Wait until a window shows a message."""
        self.driver.switch_to.window(window)
        self.wait(lambda: text in self.log())

    def log(self):
        """Return what the window shows of the talk."""
        return self.driver.find_element(By.ID, "chat-log").text

    def wait(self, fact):
        """Wait until something is true."""
        WebDriverWait(self.driver, LIMIT_S, poll_frequency=0.05).until(lambda _: fact())
