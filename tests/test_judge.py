"""What pytest reports of a check becomes a result with its story; the course's own faults are never the student's."""

from __future__ import annotations

import textwrap

import pytest

from course.judging.session import run_checks
from course.results import CheckResult, Report

OUTCOMES = '''
import pytest

from course.errors import CourseError, NotStarted, Unmet
from course.testbed.processes.ports import free_port


def test_passes():
    """It passes."""


def test_fails():
    """It fails.

    1. One.
    2. Two.
    3. Three.
    """
    assert False, "The tea is cold."


def test_unmet():
    raise Unmet("The tea is cold.", expected="hot", got="cold")


def test_calls_fail():
    pytest.fail("The tea is out.")


def test_key_error():
    {}["tea"]


def test_type_error():
    "tea" + 1


def test_exits():
    raise SystemExit(0)


def test_has_no_such_fixture(nothing_like_it):
    pass


def test_machine_lacks_something():
    raise CourseError("There is no Redis.", "Start one.")


def test_skips():
    pytest.skip("there is no browser")


@pytest.mark.points(5)
@pytest.mark.given
@pytest.mark.own
def test_is_worth_five():
    assert 1 == 2


def test_asserts_in_the_engine(fresh):
    from course.judging.judge import judge_of
    from types import SimpleNamespace
    judge_of(SimpleNamespace(pluginmanager=SimpleNamespace(get_plugin=lambda name: None)))


@pytest.fixture
def breaks_at_its_end():
    yield
    raise KeyError("tea")


def test_passes_but_its_end_breaks(breaks_at_its_end):
    pass


@pytest.fixture
def unmet_at_the_start():
    raise Unmet("The kettle is cold.")


def test_whose_fixture_is_unmet(unmet_at_the_start):
    pass


@pytest.mark.slow
def test_is_slow():
    pass
'''


def by_name(report: Report) -> dict[str, CheckResult]:
    return {check.name: check for check in report.checks}


@pytest.fixture(scope="session")
def module_cache() -> dict[str, Report]:
    return {}


@pytest.fixture
def outcomes(tiny_lesson, module_cache: dict[str, Report]) -> dict[str, CheckResult]:
    if "report" not in module_cache:
        module_cache["report"] = run_checks(tiny_lesson(OUTCOMES), solved=True)
    return by_name(module_cache["report"])


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("test_passes", "passed"),
        ("test_fails", "failed"),
        ("test_unmet", "failed"),
        ("test_calls_fail", "failed"),
        ("test_is_worth_five", "failed"),
        ("test_whose_fixture_is_unmet", "failed"),
        ("test_key_error", "error"),
        ("test_type_error", "error"),
        ("test_exits", "error"),
        ("test_has_no_such_fixture", "error"),
        ("test_machine_lacks_something", "error"),
        ("test_asserts_in_the_engine", "error"),
        ("test_passes_but_its_end_breaks", "error"),
        ("test_skips", "skipped"),
    ],
)
def test_the_status_of(outcomes: dict[str, CheckResult], name: str, status: str) -> None:
    """An unmet expectation is `failed`; whatever breaks in a check or in the engine is `error`, never the student's."""
    assert outcomes[name].status == status


def test_one_check_may_come_first(tiny_lesson) -> None:
    """The one that is named is told first; the report keeps the order of the lesson, and its numbers."""
    told: list[str] = []
    report = run_checks(
        tiny_lesson(OUTCOMES), solved=True, first="test_unmet", on_result=lambda result: told.append(result.name)
    )

    assert told[:3] == ["test_unmet", "test_passes", "test_fails"]
    assert [(check.name, check.number) for check in report.checks][:3] == [
        ("test_passes", 1),
        ("test_fails", 2),
        ("test_unmet", 3),
    ]


def test_a_check_that_comes_first_leaves_the_others_a_server(tiny_lesson) -> None:
    """What the last check of a lesson does to the server, it may do first as well."""
    checks = """
    def test_answers(site):
        assert site.get("/").status

    def test_stops_the_server(site):
        site.stop()
    """
    report = run_checks(tiny_lesson(textwrap.dedent(checks)), solved=True, first="test_stops_the_server")

    assert report.passed


def test_each_check_counts_once(outcomes: dict[str, CheckResult], module_cache: dict[str, Report]) -> None:
    """A check whose teardown breaks too is one result, and a slow one is left out unless it is asked for."""
    names = [check.name for check in module_cache["report"].checks]

    assert len(names) == len(set(names)) == 14
    assert "test_is_slow" not in names


def test_an_error_says_what_broke(outcomes: dict[str, CheckResult]) -> None:
    """The reason of an error holds the exception and the line of the check, and there is no failure to learn from."""
    broken = outcomes["test_key_error"]

    assert "KeyError: 'tea'" in broken.reason
    assert '{}["tea"]' in broken.reason
    assert broken.failure is None


def test_a_skip_says_what_is_missing(outcomes: dict[str, CheckResult]) -> None:
    """The reason of a skip is its own words."""
    assert outcomes["test_skips"].reason == "there is no browser"


def test_a_machine_that_lacks_something_says_the_remedy(outcomes: dict[str, CheckResult]) -> None:
    """Expected trouble of the machine is told with the next step, without a traceback."""
    assert outcomes["test_machine_lacks_something"].reason == "There is no Redis. Start one."


def test_title_hints_points_and_marks_come_from_the_check(outcomes: dict[str, CheckResult]) -> None:
    """The result carries what the check says of itself."""
    assert outcomes["test_fails"].title == "It fails."
    assert outcomes["test_fails"].hints == ("One.", "Two.", "Three.")
    assert outcomes["test_is_worth_five"].points == 5
    assert outcomes["test_is_worth_five"].given
    assert outcomes["test_is_worth_five"].group == "own"
    assert outcomes["test_fails"].group == "guided"
    assert outcomes["test_key_error"].title == "test key error"


def test_the_words_of_an_assertion_are_the_message(outcomes: dict[str, CheckResult]) -> None:
    """What stands after the comma is told, without pytest's own lines, and where the check stands."""
    for name, message in {
        "test_fails": "The tea is cold.",
        "test_unmet": "The tea is cold.",
        "test_calls_fail": "The tea is out.",
    }.items():
        failure = outcomes[name].failure
        assert failure is not None
        assert failure.message == message
    failure = outcomes["test_fails"].failure
    assert failure is not None
    assert failure.where.endswith('assert False, "The tea is cold."')


COMPARISONS = """
def test_texts():
    assert "cold tea" == "hot tea"


def test_lists():
    assert ["a", "x", "c"] == ["a", "b", "c"]


def test_short_list():
    assert ["a"] == ["a", "b"]


def test_long_list():
    assert ["a", "b", "c"] == ["a", "b"]


def test_in_text():
    assert "sugar" in "tea with milk"


def test_in_list():
    assert 404 in [200, 201]


def test_not_equal():
    assert 200 != 200


def test_less():
    assert 5 < 3


def test_bytes():
    assert b"\\xff" == b"\\x00"


def test_half_a_surrogate():
    assert "\\ud800" == "tea"


def test_with_words():
    assert 1 == 2, "Too few."


def test_without_words_or_comparison():
    assert not "tea"


def test_dicts():
    assert {"message": "hi", (1, 2): b"x"} == {"message": "ho"}


def test_a_caught_comparison_leaves_no_trace():
    try:
        assert "a" == "b"
    except AssertionError:
        pass
    assert not "tea", "Tea."
"""


@pytest.fixture
def compared(tiny_lesson, module_cache: dict[str, Report]) -> dict[str, CheckResult]:
    if "compared" not in module_cache:
        module_cache["compared"] = run_checks(tiny_lesson(COMPARISONS), solved=True)
    return by_name(module_cache["compared"])


@pytest.mark.parametrize(
    ("name", "expected", "got"),
    [
        ("test_texts", '"hot tea"', '"cold tea"'),
        ("test_lists", '"b" as the second', '"x" as the second'),
        ("test_short_list", '"b" as the second', "only 1 of them"),
        ("test_long_list", "only 2 of them", '"c" as the third'),
        ("test_in_text", '"sugar" in it', '"tea with milk"'),
        ("test_in_list", "one of [200, 201]", "404"),
        ("test_not_equal", "anything but 200", "200"),
        ("test_less", "< 3", "5"),
        ("test_bytes", "1 bytes 00", "1 bytes ff"),
        ("test_half_a_surrogate", '"tea"', '"\\ud800"'),
        ("test_with_words", "2", "1"),
    ],
)
def test_a_comparison_tells_what_was_expected(
    compared: dict[str, CheckResult], name: str, expected: str, got: str
) -> None:
    """Both sides of a comparison are told in words; of two lists, the place where they part."""
    failure = compared[name].failure

    assert failure is not None
    assert (failure.expected, failure.got) == (expected, got)


def test_a_comparison_that_cannot_be_shown_as_json_is_still_a_failure(compared: dict[str, CheckResult]) -> None:
    """Odd values on either side are no fault of the engine."""
    assert compared["test_dicts"].status == "failed"


def test_every_failed_comparison_has_a_message(compared: dict[str, CheckResult]) -> None:
    """Without words of its own, a comparison says what it expected and got."""
    assert all(check.failure and check.failure.message for check in compared.values())


WIRE = """
def test_an_echo_is_wrong(connect):
    with connect("/ws/sc/") as ana:
        ana.send("tea")
        assert ana.receive() == "coffee"


def test_nothing_of_the_check_before(connect):
    assert connect is None, "Nothing on the wire."
"""


def test_the_wire_is_told_with_its_divergence(tiny_lesson) -> None:
    """A failure holds the timeline of its own check, marked at the message that was wrong."""
    checks = by_name(run_checks(tiny_lesson(WIRE), solved=True))
    told, other = (check.failure for check in checks.values())
    assert told is not None
    assert other is not None

    lines = [(event.arrow, event.what, event.diverged) for event in told.transcript]
    assert lines[2:4] == [("→", '"tea"', False), ("←", '"tea"', True)]
    assert other.transcript == ()


BROKEN_PROJECT = """
def test_source(source):
    assert source is not None


def test_page(site):
    pass


def test_socket(connect):
    pass
"""


def test_a_project_that_does_not_start_is_a_problem(tiny_lesson) -> None:
    """The reason is kept once for the report; checks that need no server still count."""
    lesson = tiny_lesson(BROKEN_PROJECT)
    (lesson.starter / "echo/routing.py").write_text("def (\n")

    report = run_checks(lesson)

    assert [check.status for check in report.checks] == ["passed", "failed", "failed"]
    assert 'File "echo/routing.py", line 1' in report.problem
    assert report.exit_code == 1


def test_a_failure_before_the_problem_comes_first(tiny_lesson) -> None:
    """Where another check failed before, its story is told, and not that the server did not start."""
    lesson = tiny_lesson("def test_first():\n    assert 1 == 2\n" + BROKEN_PROJECT)
    (lesson.starter / "echo/routing.py").write_text("def (\n")

    assert run_checks(lesson).problem == ""


MISTAKES = """
[[mistake]]
name = "wrong-check"
symptom = "s"
cause = "Another cause."
fix = "f"
caught_by = "test_other"
sign = "tea"
file = "a"
old = "b"
new = "c"

[[mistake]]
name = "right-check"
symptom = "s"
cause = "The very cause."
fix = "f"
caught_by = "test_this"
sign = "t.a is cold"
file = "a"
old = "b"
new = "c"

[[mistake]]
name = "without-a-sign"
symptom = "s"
cause = "c"
fix = "f"
caught_by = "test_unlike"
file = "a"
old = "b"
new = "c"
"""
SIGNS = """
def test_this():
    assert False, "The tea is cold."


def test_other():
    assert False, "The tea is cold."


def test_unlike():
    assert False, "The milk is sour."
"""


def test_a_failure_that_looks_like_a_mistake_names_it(tiny_lesson) -> None:
    """The sign of a mistake decides, that of the check's own mistakes first; without a sign nothing is guessed."""
    checks = run_checks(tiny_lesson(SIGNS, MISTAKES), solved=True).checks
    likely = [(check.failure.likely, check.failure.cause) for check in checks if check.failure]

    assert likely == [("right-check", "The very cause."), ("wrong-check", "Another cause."), ("", "")]


@pytest.mark.parametrize("source", ["def test_x(:\n", "import nothing_like_it\n", "1/0\n"])
def test_a_check_file_that_cannot_be_read_is_our_fault(tiny_lesson, source: str) -> None:
    """A broken check file is a fault of the course, exit code 3, and no failed student."""
    report = run_checks(tiny_lesson(source), solved=True)

    assert report.exit_code == 3
    assert report.course_error
    assert report.checks == ()


def test_a_lesson_without_checks_is_our_fault(tiny_lesson) -> None:
    """No checks at all is never a pass."""
    report = run_checks(tiny_lesson("HELPER = 1\n"), solved=True)

    assert report.exit_code == 3


def test_one_check_can_be_run_alone(tiny_lesson) -> None:
    """`only` runs one check, a slow one too."""
    report = run_checks(tiny_lesson(OUTCOMES), solved=True, only=("test_is_slow",))

    assert [(check.name, check.status) for check in report.checks] == [("test_is_slow", "passed")]


FRESH = """
def test_words(fresh):
    assert False, f"{fresh.word()} {fresh.text()} {fresh.bytes().hex()} {fresh.number(1, 10**6)}"
"""


def test_a_seed_repeats_a_run(tiny_lesson) -> None:
    """The same seed gives the same words; another gives others, and the report tells which it was."""
    lesson = tiny_lesson(FRESH)
    told = [run_checks(lesson, solved=True, seed=seed) for seed in (7, 7, 8)]
    said = [report.checks[0].failure.message for report in told if report.checks[0].failure]

    assert said[0] == said[1] != said[2]
    assert [report.seed for report in told] == [7, 7, 8]


def test_a_habit_of_pytest_changes_no_verdict(tiny_lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    """PYTEST_ADDOPTS of the person at the keyboard neither breaks a run nor empties it."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only --no-such-option")

    report = run_checks(tiny_lesson("def test_x():\n    pass\n"), solved=True)

    assert report.passed


def test_an_interrupt_in_a_check_interrupts_the_run(tiny_lesson) -> None:
    """Ctrl-C in the middle is no failed check."""
    with pytest.raises(KeyboardInterrupt):
        run_checks(tiny_lesson("def test_x():\n    raise KeyboardInterrupt\n"), solved=True)
