import os
from unittest import SkipTest

from selenium import webdriver
from selenium.common.exceptions import WebDriverException


def open_chrome():
    """Return a Chrome without a window on your screen; where there is none, skip the tests that want it."""
    options = webdriver.ChromeOptions()
    options.add_argument("--headless=new")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Chrome's own does not work for root, as in a container
    try:
        return webdriver.Chrome(options)
    except WebDriverException as reason:
        raise SkipTest(f"Chrome does not start: {reason.msg}") from None
