"""What a person does with a page, and sees on it, in a real Chrome."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from course.errors import Unmet
from course.testbed.browser import page_reading as page_module
from course.testbed.browser.open_page import OpenPage
from course.testbed.browser.page import Page
from course.testbed.clients.transcript import Transcript

WritePage = Callable[..., str]
FORM = """
<form><label for=m>Message</label><input id=m value="old text"><button id=b>Send</button></form>
<ul id=log></ul><p id=keys></p>
<script>
  m.onkeydown = (event) => { keys.textContent += event.key; };
  document.forms[0].onsubmit = (event) => {
    event.preventDefault();
    const line = document.createElement("li");
    line.textContent = m.value;
    log.append(line);
    m.value = "";
  };
</script>
"""


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what waits in vain do so for a moment only."""
    monkeypatch.setattr(page_module, "WAIT_UNITS", 0.3)


@pytest.fixture
def form(open_page: OpenPage, page: WritePage) -> Page:
    return open_page(page(FORM))


def test_typing_replaces_what_a_field_holds(form: Page) -> None:
    """What is typed takes the place of the old text, and the page hears each key."""
    form.type("#m", "Tea, 2 cups!")

    assert form.value("#m") == "Tea, 2 cups!"
    assert form.text("#keys").endswith("Tea, 2 cups!")


@pytest.mark.parametrize("text", ["", "Grüße 🫖 茶", "x" * 5000, 'quote " back \\ <b>'])
def test_any_text_can_be_typed(form: Page, text: str) -> None:
    """A field holds exactly what was typed: nothing, emoji, five thousand letters, quotes."""
    form.type("#m", text)

    assert form.value("#m") == text


def test_enter_and_a_click_submit_a_form(form: Page) -> None:
    """Enter in the field and a click on the button do what they do for a person."""
    form.type("#m", "one")
    form.press("Enter")
    form.type("#m", "two")
    form.click("#b")

    form.waits_for_texts("#log li", ["one", "two"])
    assert form.count("#log li") == 2


def test_a_page_works_by_keyboard(form: Page) -> None:
    """Tab and Shift+Tab move the focus, and the space bar presses the button that has it."""
    form.press("Tab", "#m")
    assert form.focused() == "#b"
    form.press("Space")
    form.waits_for_texts("#log li", ["old text"])
    form.press("Shift+Tab")

    form.waits_for_focus("#m")


def test_an_attribute_that_is_not_there_is_none(form: Page) -> None:
    """An attribute is told as it stands, one that is missing as None."""
    assert form.attribute("#m", "value") == "old text"
    assert form.attribute("#m", "disabled") is None


def test_an_element_may_come_later(open_page: OpenPage, page: WritePage) -> None:
    """A verb waits for its element."""
    script = "setTimeout(() => { document.body.innerHTML = '<p id=late>here</p>'; }, 200)"
    ana = open_page(page(f"<script>{script}</script>"))

    assert ana.text("#late") == "here"


def test_a_missing_element_is_told(form: Page, short: None) -> None:
    """A verb without its element says which one is missing."""
    with pytest.raises(Unmet, match="no element #status") as told:
        form.click("#status")

    assert told.value.got == "no such element"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("<button id=b disabled>x</button>", "it is disabled"),
        ("<button id=b hidden>x</button>", "it is not visible"),
        ("<button id=b>x</button><div id=veil style='position:fixed;inset:0'></div>", '<div id="veil"> covers it'),
    ],
)
def test_what_nobody_can_click_is_not_clicked(
    open_page: OpenPage, page: WritePage, short: None, body: str, why: str
) -> None:
    """A button that is disabled, hidden or covered is not clicked, and the story says why."""
    ana = open_page(page(body))

    with pytest.raises(Unmet, match="#b can't be clicked") as told:
        ana.click("#b")

    assert told.value.got == why


def test_a_wait_in_vain_tells_what_is_there(form: Page, page_transcript: Transcript, short: None) -> None:
    """A wait that fails says what it waited for and what the page shows instead, and marks it on the timeline."""
    with pytest.raises(Unmet) as told:
        form.waits_for_attribute("#m", "id", "open")

    assert told.value.message == 'ana waited for id of #m to be "open".'
    assert (told.value.expected, told.value.got) == ('"open"', '"m"')
    assert page_transcript.events()[-1].diverged


def test_a_log_in_a_text_area_is_read_as_its_text(open_page: OpenPage, page: WritePage) -> None:
    """A log may be a list or a text area, as in the official tutorial."""
    ana = open_page(page("<textarea id=log></textarea><script>log.value += 'hello\\n'; log.value += 'tea\\n'</script>"))

    ana.waits_for_log("#log", "hello\ntea")


def test_the_history_has_every_value(open_page: OpenPage, page: WritePage) -> None:
    """An attribute's history has each value in order, also those that stood there for a moment only."""
    ana = open_page(page("<p id=s data-state=connecting></p><script>"
                         "for (const state of ['open', 'closing', 'closed']) s.dataset.state = state;"
                         "setTimeout(() => { s.dataset.state = 'open'; s.id = 't'; }, 50)</script>"))  # fmt: skip
    ana.waits_for_count("#t", 1)

    assert ana.history("#t", "data-state") == ["connecting", "open", "closing", "closed", "open"]


@pytest.mark.parametrize("anew", ["list.innerHTML = line", "list.replaceChildren(...make(line))"])
def test_the_history_knows_lines_that_were_drawn_anew(open_page: OpenPage, page: WritePage, anew: str) -> None:
    """A page that draws its whole list at each change has a history like one that changes a line."""
    ana = open_page(page("<ul id=list></ul><script>const make = (html) => {"
                         "const t = document.createElement('template');"
                         "t.innerHTML = html; return t.content.childNodes; };"
                         "for (const state of ['PENDING', 'PENDING', 'SUCCESS']) {"
                         f"const line = `<li data-state=${{state}}><b></b></li>`; {anew}; }}</script>"))  # fmt: skip

    assert ana.history("#list > li", "data-state") == ["PENDING", "SUCCESS"]
    assert ana.history("ul li", "data-state") == ["PENDING", "SUCCESS"]


def test_a_page_can_not_fool_the_verbs(open_page: OpenPage, page: WritePage, short: None) -> None:
    """What a page does to the language and to the document's functions does not reach the verbs."""
    ana = open_page(page("<p id=s>real</p><script>"
                         "document.querySelector = () => ({innerText: 'faked', matches: () => false});"
                         "Element.prototype.getAttribute = JSON.stringify = () => 'faked';"
                         "window.MutationObserver = window.Promise = window.course = undefined;</script>"))  # fmt: skip

    assert ana.text("#s") == "real"
    ana.waits_for_attribute("#s", "id", "s")


def test_errors_are_what_the_console_shows_in_red(open_page: OpenPage, page: WritePage) -> None:
    """Uncaught exceptions, rejected promises, console.error and missing files are errors; a missing icon is not."""
    ana = open_page(page("<img src=/missing.png><script>"
                         "console.log('cosy'); console.error('bad', 7); Promise.reject(new Error('lost'));"
                         "setTimeout(() => { document.title = 'done'; nothing.there })</script>"))  # fmt: skip
    ana.reload()

    for part in ("bad 7", "(in promise) Error: lost", "nothing is not defined", "404 (Not Found) (/missing.png)"):
        assert [error for error in ana.errors if part in error], (part, ana.errors)
    assert not [error for error in ana.errors if "cosy" in error or "favicon" in error]


def test_errors_stand_on_the_timeline(open_page: OpenPage, page: WritePage, page_transcript: Transcript) -> None:
    """What the console says is told between what goes over the wire, with file and line."""
    ana = open_page(page("<script>\nconsole.log('here'); throw new Error('spilt')</script>"))
    assert ana.errors

    told = [event.what for event in page_transcript.events() if event.arrow == "·"]
    assert told == ["console.log: here", "error: Uncaught Error: spilt (/:2)"]


def test_dialogs_are_closed_and_kept(open_page: OpenPage, page: WritePage) -> None:
    """An alert does not stop a check; what it said can be asked."""
    ana = open_page(page("<p id=p>after</p><script>alert('hello'); p.textContent = confirm('sure?')</script>"))

    assert ana.text("#p") == "false"
    assert ana.dialogs == ["hello", "sure?"]


def test_a_link_leads_to_another_page(open_page: OpenPage, page: WritePage) -> None:
    """A check can wait for the next page, and go on there."""
    page("<p id=p>second</p>", "second")
    ana = open_page(page("<a id=a href=/second>go</a>"))

    ana.click("#a")

    ana.waits_for_path("/second")
    assert ana.text("#p") == "second"
    assert ana.url.endswith("/second")


def test_a_wait_goes_on_in_the_next_page(open_page: OpenPage, page: WritePage) -> None:
    """A page that loads another one while a check waits is no fault."""
    page("<p id=p>second</p>", "second")
    ana = open_page(page("<script>setTimeout(() => { location.href = '/second' }, 100)</script>"))

    ana.waits_for_text("#p", "second")


def test_an_error_of_the_server_fails_the_check(open_page: OpenPage, page: WritePage) -> None:
    """A page that is answered with an error is not taken for a page."""
    page("<p>oh</p>", "broken")

    with pytest.raises(Unmet, match=r"went to /broken, and the server answered with HTTP 500"):
        open_page("/broken")


def test_a_page_that_never_comes_fails_the_check(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that leaves the browser waiting fails the check within its limit."""
    monkeypatch.setenv("COURSE_TIME_SCALE", "0.2")

    with pytest.raises(Unmet, match=r"was not loaded|does not answer"):
        open_page("/never")


def test_what_was_waited_for_in_vain_is_waited_for_less_long(
    form: Page, page_transcript: Transcript, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second wait for the same in a run is short, so that a starter's checks fail fast."""
    monkeypatch.setattr(page_module, "WAIT_UNITS", 0.6)
    for _ in range(2):
        with pytest.raises(Unmet):
            form.waits_for_text("#m", "open")

    waits = [event.what for event in page_transcript.events() if event.what.startswith("waited")]
    assert [wait.split()[1] for wait in waits] == ["0.6", "0.5"]


def test_selenium_drives_the_same_window(form: Page) -> None:
    """What the verbs do not cover is there as Selenium has it."""
    form.type("#m", "tea")

    assert form.selenium.title == "A page"
    assert form.selenium.find_element("css selector", "#m").get_property("value") == "tea"


SCROLLS = """
<div id=box style="height: 90px; overflow: auto"><ul id=log></ul></div><textarea id=area rows=3></textarea>
<script>
  for (let n = 0; n < 30; n++) {
    log.append(Object.assign(document.createElement("li"), { textContent: `line ${n}.` }));
    area.value += `line ${n}.\\n`;
  }
</script>
"""


@pytest.mark.parametrize("log", ["#log", "#area"])
def test_a_line_that_is_scrolled_away_is_not_in_sight(
    open_page: OpenPage, page: WritePage, short: None, log: str
) -> None:
    """The newest line of a log that stays at its top is out of sight, and in sight once somebody scrolls."""
    ana = open_page(page(SCROLLS))
    with pytest.raises(Unmet, match="can't see the newest line"):
        ana.waits_for_sight(log, "line 29.")
    ana.selenium.execute_script("box.scrollTop = area.scrollTop = 10_000")

    ana.waits_for_sight(log, "line 29.")


def test_a_label_of_no_field_is_a_stray(open_page: OpenPage, page: WritePage) -> None:
    """A label belongs to the field that it names, or that is in it; any other belongs to none."""
    ana = open_page(page("<label for=a>one</label><input id=a><label>two <input></label><label for=b>three</label>"))

    assert ana.stray_labels() == ["three"]
