"""The last rooms: `/chat/` offers them in `#recent`, and this browser keeps them, wherever it likes to."""

import pytest

RECENT = "#recent a"
DAMAGED = ("{", "null", "7")


@pytest.mark.own
def test_the_last_rooms_are_offered(open_page, fresh):
    """/chat/ offers links to the rooms that this browser has been in, the last one first, however the user got there.

    1. One page knows which room it is, and another has to show it later. What do the two have in common?
    2. `localStorage` belongs to the site and to this browser, so both pages can use it. It outlives the page and the
       window. It holds only strings.
    3. In room.js: `getItem`, the room's name to the front of what was there, `setItem`. In index.js: `getItem`, and
       for each name an `a` with its `href` and its `textContent`, added to `#recent`.
    """
    ana, ben = open_page("/chat/"), open_page("/chat/", name="ben")
    ana.waits_for_count("#recent", 1)
    ana.waits_for_texts(RECENT, [])
    tea, scones, milk, cake = (fresh.word() for _ in range(4))
    enter(ana, tea)
    enter(ana, scones)
    enter(ben, milk)

    ana.go("/chat/")
    ana.waits_for_texts(RECENT, [scones, tea])
    ana.reload()
    ana.waits_for_texts(RECENT, [scones, tea])
    ben.go("/chat/")
    ben.waits_for_texts(RECENT, [milk])
    again = open_page("/chat/")  # another window of hers
    again.waits_for_texts(RECENT, [scones, tea])

    enter(ana, cake)  # in one window, and then another room in the other
    again.click(f"{RECENT}[href*='{tea}']")
    again.waits_for_socket(f"/ws/chat/{tea}/")
    for window in (ana, again):
        window.go("/chat/")
        window.waits_for_texts(RECENT, [tea, cake, scones])


@pytest.mark.own
def test_five_rooms_are_offered_each_once(open_page, fresh):
    """At most five rooms are offered, and each of them once, whatever its name.

    1. What happens when a user comes back to a room? And when there is a sixth?
    2. Take the name out of the list before you put it to the front, then cut the list. `Tea` and `tea` are two rooms.
    3. An array has `filter` and `slice`, and a spread `[first, ...others]`. The keys of an object are not
       a list of names: numbers come first, and `__proto__` is a special key.
    """
    ana = open_page("/chat/")
    tea, number = fresh.word(), str(fresh.number(2, 99))
    rooms = [fresh.word(), tea, number, f"{tea}-pot", tea.upper(), "__proto__", "constructor"]
    for name in rooms:
        enter(ana, name)
    ana.go("/chat/")
    ana.waits_for_texts(RECENT, rooms[:1:-1])

    enter(ana, tea)
    enter(ana, tea)
    ana.go("/chat/")
    ana.waits_for_texts(RECENT, [tea, "constructor", "__proto__", tea.upper(), f"{tea}-pot"])

    enter(ana, tea.upper())  # which is offered already
    ana.go("/chat/")
    ana.waits_for_texts(RECENT, [tea.upper(), tea, "constructor", "__proto__", f"{tea}-pot"])


@pytest.mark.own
def test_both_pages_work_whatever_is_kept(open_page, fresh):
    """Both pages work, whatever is in the browser's storage, and the next room is offered again.

    1. What a browser keeps stays for years. By then, your script may use another format, and users can change it too.
    2. `JSON.parse` throws for text that is not JSON. For `null` and `7` it does not, but neither of them is an array.
       If a script stops there, the rest of it never runs.
    3. Begin with an empty list if there is no list: catch the exception, and test with `Array.isArray`. Or choose a
       format in which every string is a list of names.
    """
    ana = open_page("/chat/")
    enter(ana, fresh.word())
    for damaged in DAMAGED:
        change = "for (const key of Object.keys(localStorage)) localStorage.setItem(key, arguments[0])"
        ana.selenium.execute_script(change, damaged)
        ana.go("/chat/")
        assert_no_script_fails(ana, damaged)
        ana.type("#room-name-input", name := fresh.word())
        ana.press("Enter")
        ana.waits_for_socket(f"/ws/chat/{name}/")
        assert_no_script_fails(ana, damaged)
        ana.type("#chat-message-input", text := fresh.text())
        ana.press("Enter")
        ana.waits_for_log("#chat-log", text)

        ana.go("/chat/")
        offered = ana.texts(RECENT)
        assert offered[:1] == [name], f"The browser's storage contained {damaged!r}. The next room is not offered."


def enter(page, name):
    page.go(f"/chat/{name}/")
    page.waits_for_socket(f"/ws/chat/{name}/")


def assert_no_script_fails(page, damaged):
    uncaught = [error for error in page.errors if error.startswith("Uncaught")]
    assert not uncaught, f"The browser's storage contained {damaged!r}, and a script failed: {uncaught[0]}"
