import asyncio
import contextlib

from channels.testing import ChannelsLiveServerTestCase
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.support import expected_conditions
from selenium.webdriver.support.wait import WebDriverWait

from trials.people import Person

LOG = ("css selector", "#chat-log")


class PageTrial(ChannelsLiveServerTestCase):
    def setUp(self):
        self.chromes = contextlib.ExitStack()
        self.addCleanup(self.chromes.close)

    def browse(self, room):
        chrome = self.chromes.enter_context(webdriver.Chrome())
        chrome.get(self.live_server_url + "/chat/")
        ActionChains(chrome).send_keys(room).send_keys("\ue007").perform()
        WebDriverWait(chrome, 6).until(expected_conditions.url_contains(f"/chat/{room}/"))
        WebDriverWait(chrome, 6).until(lambda it: it.execute_script("return document.readyState") == "complete")
        return chrome

    def see(self, chrome, text):
        WebDriverWait(chrome, 6).until(expected_conditions.text_to_be_present_in_element(LOG, text))

    async def test_a_page_and_a_person_of_another_process(self):
        chrome = self.browse("harbour")
        async with Person("/ws/chat/harbour/") as ana:
            for _ in range(20):  # until the page is connected
                await ana.say("ahoy <i>there</i>")
                await ana.hears("ahoy <i>there</i>")
                await asyncio.sleep(0.1)
                if chrome.find_element(*LOG).text:
                    break
            self.see(chrome, "ahoy <i>there</i>")
            chrome.find_element("id", "chat-message-input").send_keys("aye")
            chrome.find_element("id", "chat-message-submit").click()
            await ana.hears("aye")
