"""What comes out of a class: tables, gradebooks, pages; and that no text of a submission harms any of them."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from course.catalog.checklist import Check
from course.catalog.lessons import find
from course.errors import CourseError
from course.grading import class_table, gradebooks
from course.grading.grades import Grade, summaries
from course.grading.points import Scheme, number, scheme
from course.grading.roster import Student
from course.reports import feedback
from course.reports.clean import clean, clean_line, clean_report, csv_cell, printable
from course.reports.json import to_json, validated
from course.reports.junit import to_junit
from course.results import CheckResult, Failure, Report, WireEvent

ECHO = find("02")
NASTY = '\x1b]0;owned\x07cup\x1b[2J\x00\u202egnp.\ud800 =HYPERLINK("x") <script>alert(1)</script> ``` **b** [a](b) 🍵'
CHECKS = (Check("test_a", "A text comes back.", ("Look.", "Call.", "Shape.")), Check("test_b", "B.", (), points=2))
GIVEN = Check("test_given", "It starts.", (), given=True)
FAILURE = Failure(NASTY, NASTY, NASTY, NASTY, (WireEvent(1, "ana", "→", NASTY),), NASTY, "slug", NASTY, True)


def result(check: Check, status: str = "passed", failure: Failure | None = None) -> CheckResult:
    return CheckResult(check.name, check.title, check.hints, status, 5, check.points, failure=failure)  # type: ignore[arg-type]


def report(*checks: CheckResult, **facts: str) -> Report:
    return Report("02_sync_echo", "Echo", "ana", 42, checks, 10, **{"submission": "ana"} | facts)  # type: ignore[arg-type]


PASSED = report(*(result(check) for check in CHECKS))
FAILED = clean_report(report(result(CHECKS[0], "failed", FAILURE), result(CHECKS[1])))
REFUSED = report(refused="There is no manage.py in it.")
UNJUDGED = report(course_error="The browser died.")


def grade(name: str, made: Report | None, points: float | None, **facts: object) -> Grade:
    return Grade(name, "x", made, points, **facts)  # type: ignore[arg-type]


GRADES = [
    grade("ana", PASSED, 3),
    grade("=1+1", FAILED, 2, days_late=1),
    grade("cleo", REFUSED, 0, id="7"),
    grade("dan", UNJUDGED, None),
    grade("eva", None, None),
]


@pytest.mark.parametrize("harmful", ["\x1b", "\x07", "\x00", "\u202e", "\ud800", "\u2066", "\x9b", "\r", "\ufffe"])
def test_no_harmful_character_is_left(harmful: str) -> None:
    """What drives a terminal, turns the direction or is no character is gone; the rest stays."""
    assert harmful not in printable(f"tea {harmful} cup{harmful}")
    assert printable(f"tea{harmful}").startswith("tea")


@pytest.mark.parametrize("text", ["a\tb\nc", "green tea", "Jörg 🍵", "[red]x[/red]", "👩‍💻"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    """Tabs, lines, letters of any script and joined emoji are no harm."""
    assert clean(text) == text


def test_a_long_text_keeps_its_beginning_and_its_end() -> None:
    """Two thousand characters are kept, and how many are left out is said; cleaning twice changes nothing more."""
    text = clean("begin" + "x" * 9000 + "end")

    assert len(text) <= 2000
    assert text.startswith("begin")
    assert text.endswith("end")
    assert "characters left out" in text
    assert clean(text) == text


def test_a_transcript_has_an_end() -> None:
    """A page that floods its socket does not flood the report."""
    events = tuple(WireEvent(number, "ana", "→", "x") for number in range(5000))
    made = clean_report(report(result(CHECKS[0], "failed", replace(FAILURE, transcript=events))))

    assert made.checks[0].failure is not None
    kept = made.checks[0].failure.transcript
    assert (len(kept), kept[0].at_ms, kept[-1].at_ms) == (200, 0, 4999)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-rf", "@x", "\tx"])
def test_a_formula_is_text_in_a_spreadsheet(text: str) -> None:
    """What a spreadsheet would calculate begins with a quote; a number and a lone dash do not."""
    assert csv_cell(text) == f"'{text}"
    assert [csv_cell(-1.5), csv_cell("-"), csv_cell("ana")] == ["-1.5", "-", "ana"]


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_the_spreadsheet_has_a_row_for_each() -> None:
    """Facts, points and a column for each check; what was not judged has no points."""
    table = [dict(zip(rows(text)[0], row, strict=True)) for text in [sheet()] for row in rows(text)[1:]]

    assert [(row["submission"], row["verdict"], row["points"]) for row in table] == [
        ("ana", "passed", "3"), ("'=1+1", "failed", "2"), ("cleo", "refused", "0"), ("dan", "unjudged", ""),
        ("eva", "missing", ""),
    ]  # fmt: skip
    assert (table[0]["test_a"], table[1]["test_a"], table[2]["test_a"]) == ("passed", "failed", "")
    assert table[2]["trouble"] == "There is no manage.py in it."


def sheet() -> str:
    return gradebooks.spreadsheet(CHECKS, GRADES, 3)


def test_canvas_gets_the_columns_of_its_export() -> None:
    """The header and the row “Points Possible” are Canvas's own, a student's ids those of the roster."""
    row = {"Student": "Quill, Pat", "ID": "1001", "SIS User ID": "U1", "SIS Login ID": "XQ1", "Section": "01"}
    pat = grade("Pat Quill", PASSED, 3, student=Student("Pat Quill", row=row))
    table = rows(gradebooks.canvas(ECHO, [pat, GRADES[3]], 3))

    assert table[0][:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert table[1] == ["    Points Possible", "", "", "", "", "3"]
    assert table[2] == ["Quill, Pat", "1001", "U1", "XQ1", "01", "3"]
    assert table[3][-1] == ""


def test_moodle_gets_its_worksheet_back() -> None:
    """The columns that its importer looks for are there; a row of the roster keeps what it held."""
    row = {"Identifier": "Participant 42", "Full name": "Ana", "Maximum Grade": "3.00", "Last modified (grade)": "-"}
    ana = grade("Ana", FAILED, 2, student=Student("Ana", row=row))
    header, first, second = rows(gradebooks.moodle([ana, GRADES[2]], 3))

    told = [dict(zip(header, values, strict=True)) for values in (first, second)]
    assert {"Identifier", "Grade", "Last modified (grade)", "Feedback comments"} <= set(header)
    assert [row["Identifier"] for row in told] == ["Participant 42", "Participant 7"]
    assert [row["Grade"] for row in told] == ["2", "0"]
    assert told[0]["Feedback comments"].startswith("1 of 2 checks pass. A text comes back.")


@pytest.mark.parametrize("width", [30, 60, 80, 200])
def test_the_table_fits_any_width(width: int) -> None:
    """No line is wider than the terminal, and each name is there."""
    long = grade("a-very-long-name-of-a-student" * 3, FAILED, 2)
    console = Console(file=StringIO(), width=width, color_system=None)
    console.print(class_table.class_table([*GRADES, long], 3))
    console.print(class_table.summary(summaries(CHECKS, GRADES)))
    told = console.file.getvalue()  # type: ignore[attr-defined]

    assert max(len(line.rstrip()) for line in told.splitlines()) <= width
    assert [name for name in ("ana", "=1+1", "cleo", "dan", "eva") if name not in told] == []


def test_the_summary_says_what_most_fail_and_why() -> None:
    """Of each check: how many of those judged fail it, and the likeliest cause."""
    found = summaries(CHECKS, GRADES)

    assert [(one.check.name, one.failing, one.judged) for one in found] == [("test_a", 1, 2)]
    assert "cup" in found[0].cause


def test_who_did_not_pass_is_counted_apart() -> None:
    """A sentence tells passes, refusals, what is ours, and who is missing."""
    assert class_table.count(GRADES) == "1 of 4 submissions pass, 1 refused, 1 unjudged, 1 missing."


class Tags(HTMLParser):
    """Keeps the tags of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)


def test_a_page_holds_no_markup_of_a_submission() -> None:
    """What a project said is text, and no script could run: the page's policy allows none."""
    page = feedback.to_html(FAILED, hints=3, remark="2 of 3 points.")

    assert {"script", "a", "b", "strong"} & set(Tags(page).tags) == set()
    assert "&lt;script&gt;" in page
    assert "default-src 'none'" in page
    assert page.isprintable() is False
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", page)


def test_markdown_holds_no_markup_of_a_submission() -> None:
    """Blocks of code are fenced longer than what is in them, and lines are escaped."""
    page = feedback.to_markdown(FAILED, hints=3)

    outside = re.sub(r"(?ms)^(`{3,})text$.*?^\1$", "", page)
    assert "<script>" not in outside
    assert "**b**" not in outside
    assert "[a](b)" not in outside


@pytest.mark.parametrize("hints", [0, 1, 2, 3])
def test_a_page_tells_as_many_hints_as_the_teacher_allows(hints: int) -> None:
    """None to three hints, each with its number."""
    page = feedback.to_markdown(FAILED, hints=hints)

    assert [f"Hint {number} of 3" in page for number in (1, 2, 3)] == [number <= hints for number in (1, 2, 3)]


@pytest.mark.parametrize("made", [PASSED, FAILED, REFUSED, UNJUDGED])
def test_every_verdict_has_its_sentence(made: Report) -> None:
    """A page begins with how it ended; what is ours is never called the student's."""
    page = feedback.to_html(made)

    assert feedback.VERDICTS[made.verdict].partition(".")[0] in page
    assert ("not your mistake" in page) == (made is UNJUDGED)


def test_junit_names_the_student_everywhere() -> None:
    """Two students of one lesson are two suites, and a refusal is a failure in its own."""
    root = ET.fromstring(to_junit([PASSED, replace(REFUSED, submission="ben")]))

    assert [suite.get("name") for suite in root] == ["02/ana", "02/ben"]
    assert {case.get("classname") for case in root[0].iter("testcase")} == {"02/ana"}
    assert (root[1].get("failures"), root[1].get("errors")) == ("1", "0")


@pytest.mark.parametrize("made", [PASSED, FAILED, REFUSED, UNJUDGED])
def test_json_of_every_verdict_is_valid(made: Report) -> None:
    """Refused and unjudged submissions are in it too, with whose they are."""
    (told,) = validated(to_json([made]))["reports"]

    assert (told["submission"], told["verdict"]) == ("ana", made.verdict)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 2, "reports": []}', '{"schema": 1, "reports": [{}]}'])
def test_what_is_no_report_is_not_taken(text: str) -> None:
    """What the schema does not allow raises, whatever it is."""
    with pytest.raises(ValueError, match=r"."):
        validated(text)


def test_what_the_starter_passes_is_worth_nothing() -> None:
    """Given checks count nothing, others what they say."""
    points = scheme((*CHECKS, GIVEN))
    untouched = report(result(GIVEN), result(CHECKS[0], "failed", FAILURE), result(CHECKS[1], "not run"))

    assert (points.possible, points.points(untouched), points.points(PASSED)) == (3, 0, 3)
    assert (points.points(REFUSED), points.points(UNJUDGED)) == (0, None)


def test_weights_say_otherwise(tmp_path: Path) -> None:
    """A TOML file gives a check another weight, a given one too."""
    (tmp_path / "w.toml").write_text("test_a = 2.5\ntest_given = 1\n")
    points = scheme((*CHECKS, GIVEN), tmp_path / "w.toml")

    assert (points.possible, points.points(PASSED)) == (5.5, 4.5)


@pytest.mark.parametrize(
    "text", ["test_x = 1", "test_a = -1", "test_a = 'two'", "test_a = true", "test_a", "test_a = inf"]
)
def test_wrong_weights_are_misuse(tmp_path: Path, text: str) -> None:
    """The error names the file and what is wrong in it."""
    (tmp_path / "w.toml").write_text(text)

    with pytest.raises(CourseError, match=r"w\.toml"):
        scheme(CHECKS, tmp_path / "w.toml")


def test_each_day_that_has_begun_costs_and_there_is_a_cap() -> None:
    """A minute late is a day late; the cap is the most that is taken off; LATE in a name is at least a day."""
    late = Scheme({"test_a": 10.0}, deadline=1000.0, late_per_day=20, late_at_most=50)
    days = [late.days_late(when) for when in (999, 1000, 1060, 1000 + 86400, 1001 + 86400, 1000 + 9 * 86400)]

    assert days == [0, 0, 1, 1, 2, 9]
    assert [late.points(PASSED, day) for day in (0, 1, 2, 9)] == [10, 8, 6, 5]
    assert late.days_late(0, said_late=True) == 1
    assert Scheme().days_late(5e9, said_late=True) == 0


def test_a_deadline_that_is_no_time_is_misuse() -> None:
    """The error shows how a time is written."""
    with pytest.raises(CourseError, match="'tomorrow' is not a time"):
        scheme(CHECKS, deadline="tomorrow")


def test_points_are_written_short() -> None:
    """No zeros that say nothing."""
    assert [number(7), number(6.50), number(0.25), number(None), number(10)] == ["7", "6.5", "0.25", "", "10"]


def test_a_name_is_one_line() -> None:
    """A name with line ends, escapes and a thousand letters is a short line."""
    line = clean_line("two\nlines\x1b[31m" + "x" * 1000)

    assert line.startswith("two lines")
    assert len(line) == 200
    assert json.dumps(line).isascii() is True
