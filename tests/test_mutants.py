"""Mutants are made by rule, each is another program, and one that no check notices is told."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from course.authoring.mutants import kill_rates
from course.authoring.mutants.change import Change, Mutant
from course.authoring.mutants.equivalents import NAME, Equivalent, equivalents, faults
from course.authoring.mutants.javascript_mutants import javascript_changes
from course.authoring.mutants.python_mutants import python_changes
from course.authoring.mutants.run import choose, judge
from course.authoring.mutants.text_mutants import mutants_of, nginx_changes, template_changes
from course.bench import stored_results
from course.catalog.lessons import ROOT, Lesson, lessons
from course.cli.main import app
from course.errors import CourseError
from course.judging import pool_runner
from course.judging.cancellation import SIGNAL, Cancellation
from course.judging.session import run_checks

LESSONS = [pytest.param(lesson, id=lesson.slug) for lesson in lessons()]
ROUTES = """\
title = "Tiny"
summary = "A lesson of a test."
minutes = 5
edit = ["echo/routing.py"]
"""
SHOUT = '''
def test_echo(connect, fresh):
    """It echoes."""
    text = fresh.text()
    with connect("/ws/sc/") as ana:
        ana.send(text)
        assert ana.receive() == text
'''
BINARY_ENTRY = """
[[equivalent]]
file = "echo/routing.py"
old = 'path("ws/sc/", EchoConsumer.as_asgi()),'
new = 'path("ws/sc/", EchoConsumer),'
reason = "A reason."
"""


def made(text: str, changes=python_changes) -> list[str]:
    return [change.apply(text) for change in changes(text)]


# What is changed: Python.


@pytest.mark.parametrize(
    ("text", "mutant"),
    [
        ("a < b", "a <= b"),
        ("a >= b", "a > b"),
        ("a == b", "a != b"),
        ("a not in b", "a in b"),
        ("a is None", "a is not None"),
        ("x = 20", "x = 21"),
        ("x = 20", "x = 19"),
        ("x = True", "x = False"),
        ('x = "tea"', 'x = ""'),
        ('x = "tea"', 'x = "teax"'),
        ('x = b"tea"', 'x = b""'),
        ('x = f"tea-{x}"', 'x = f"tea-"'),
        ("a and b", "a or b"),
        ("a and b and c", "a and c"),
        ("if a: b()", "if not a: b()"),
        ("if not a: b()", "if a: b()"),
        ("while a < b: c()", "while not (a < b): c()"),
        ("x = a + b", "x = a - b"),
        ("x += 1", "x -= 1"),
        ("x[:n]", "x[:n + 1]"),
        ("x[:n]", "x[:]"),
        ("x[1:]", "x[2:]"),
        ("f(a, b)", "f(b, a)"),
        ("f(a, b)", "f(a)"),
        ("f(a, key=b)", "f(a)"),
        ("f(key=b, other=c)", "f(other=c)"),
        ("x = [a, b]", "x = [a]"),
        ("x = [a, b]", "x = [b]"),
        ("x = {a: b, c: d}", "x = {c: d}"),
        ("x = json.loads(y)", "x = y"),
        ("x = y.strip()", "x = y"),
        ("x = a.b.filter(c=1).first()", "x = a.b.first()"),
        ("class A(B, C): pass", "class A(C): pass"),
        ("with lock:\n    f()", "if True:\n    f()"),
        ("f()", "pass"),
        ("self.x = 1", "pass"),
        ("SETTING = 1", "pass"),
        ("def f(): return 1", "def f(): pass"),
        ("def f():\n    a = 1\n    b(a)", "def f():\n    pass"),
        ("raise E", "pass"),
        ("assert a", "pass"),
        ("try:\n    f()\nexcept E:\n    g()", "try:\n    f()\nexcept E:\n    raise"),
        ("try:\n    f()\nexcept (A, B):\n    g()", "try:\n    f()\nexcept A:\n    g()"),
        ("@a\ndef f(): g()", "def f(): g()"),
        ("async def f():\n    await g()", "async def f():\n    g()"),
        ("async def f():\n    await g()", "async def f():\n    pass"),
    ],
)
def test_python_is_changed(text: str, mutant: str) -> None:
    """Operators, constants, conditions, calls, statements: each kind has its change."""
    assert mutant in made(text)


def test_what_a_python_mutant_leaves_alone() -> None:
    """Docstrings, imports and a name's only value stay; comments survive; columns count in characters, not bytes."""
    text = '"""Doc."""\n\nimport a\n\n\ndef f(x):\n    """Doc."""\n    y = g("é", x < 1)  # why\n    return y\n'

    mutants = made(text)

    assert all('"""Doc."""\n\nimport a\n' in mutant and mutant.count('"""Doc."""') == 2 for mutant in mutants)
    assert text.replace("<", "<=") in mutants
    assert not [mutant for mutant in mutants if "pass  # why" in mutant]


# What is changed: JavaScript, templates, nginx.


@pytest.mark.parametrize(
    ("text", "mutant"),
    [
        ("if (a === b) c();", "if (a !== b) c();"),
        ("if (a === b) c();", "if (!(a === b)) c();"),
        ("if (a === b) c();", ""),
        ("x = a < b;", "x = a <= b;"),
        ("x = a && b;", "x = a || b;"),
        ("x = a ?? b;", "x = a && b;"),
        ("a?.b();", "a.b();"),
        ("x = !a;", "x = a;"),
        ("x = 20;", "x = 21;"),
        ("x = 0;", "x = (-1);"),
        ("x = true;", "x = false;"),
        ('x = "tea";', 'x = "";'),
        ("x = `/ws/${a}/`;", "x = `/ws//`;"),
        ("x = [...a, b];", "x = [a, b];"),
        ("x = a.slice(-2);", "x = a;"),
        ("f(a, b);", "f(a);"),
        ("f({ a: 1, b });", "f({ b });"),
        ("async () => { await f(); };", "async () => { f(); };"),
        ("b.addEventListener('x', () => f());", "b.addEventListener('x', () => {});"),
        ("b.addEventListener('x', () => f());", ""),
        ("function f() { return 1; }", "function f() {}"),
        ("function f() { g(); return 1; }", "function f() { g();  }"),
        ("class A { f(): void { g(); h(); } }", "class A { f(): void {} }"),
        ("class A { f(): void { g(); h(); } }", "class A { f(): void { g();  } }"),
        ("const f = (x) => { if (x) { g(); } else { h(); } };", "const f = (x) => {  };"),
    ],
)
def test_javascript_is_changed(text: str, mutant: str) -> None:
    """Operators, values, conditions, statements, functions: each kind has its change."""
    assert mutant in made(text, javascript_changes)


def test_what_a_javascript_mutant_leaves_alone() -> None:
    """Imports, comments, regular expressions and lists of types are not taken for something else."""
    text = 'import { a } from "b";\nconst x: Set<string> = /[/"<]+/; // a < b && "c"\n'

    assert made(text, javascript_changes) == []


def test_a_template_string_is_a_text_whatever_it_holds() -> None:
    """Its values may hold braces and further templates; what stands in them is left alone, what follows is not."""
    text = "x = `a${f({ b: `}${c}` })}d` / 2;"

    assert {"x = `ad` / 2;", "x = `a${f({ b: `}${c}` })}d` / 3;"} <= set(made(text, javascript_changes))
    assert not [
        mutant for mutant in made(text, javascript_changes) if "}d`" in mutant and "{ b: `}${c}` }" not in mutant
    ]


def test_places_count_in_characters() -> None:
    """An umlaut before it moves no change."""
    assert 'x = "ü" + 3;' in made('x = "ü" + 2;', javascript_changes)


def test_no_javascript_mutant_of_the_course_is_a_syntax_error(tmp_path: Path) -> None:
    """Node reads each of them: a mutant that does not even parse would prove nothing."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not here")
    mutants = [mutant.text for lesson in lessons() for mutant in mutants_of(lesson) if mutant.file.endswith(".js")]
    (tmp_path / "mutants.json").write_text(json.dumps(mutants))
    (tmp_path / "read.cjs").write_text(
        'const vm = require("node:vm");\n'
        'const bad = require("./mutants.json").filter((text) => {\n'
        "  try { new vm.SourceTextModule(text); return false; } catch { return true; }\n"
        "});\n"
        "process.stdout.write(JSON.stringify(bad));\n"
    )
    command = [node, "--experimental-vm-modules", "--no-warnings", "read.cjs"]
    read = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)

    assert len(mutants) > 300
    assert json.loads(read.stdout) == []


@pytest.mark.parametrize(
    ("text", "mutant"),
    [
        ('<input id="a" required>', '<input id="a">'),
        ('<a href="{% url "x" %}">', "<a>"),
        ("<form>{% csrf_token %}</form>", "<form></form>"),
        ("{% if a %}b{% endif %}", "{% if not a %}b{% endif %}"),
        ("{% if not a %}b{% endif %}", "{% if a %}b{% endif %}"),
        ("<p>{{ a|safe }}</p>", "<p>{{ a }}</p>"),
        ("<p>{{ a }}</p>", "<p></p>"),
    ],
)
def test_a_template_is_changed(text: str, mutant: str) -> None:
    """Attributes, values, filters, conditions and tags: each kind has its change."""
    assert mutant in made(text, template_changes)


def test_a_comment_of_a_template_stays() -> None:
    """What nobody sees is not changed."""
    assert made('<!-- <p id="a">{{ b }}</p> -->', template_changes) == []


def test_nginx_is_changed() -> None:
    """A directive or a block goes, a number is one more or less; comments and names with digits stay."""
    text = "# 5;\nserver {\n    listen ${PORT_1};\n    location /a/ {\n        limit_conn b 20;\n    }\n}\n"

    mutants = made(text, nginx_changes)

    assert mutants == [
        text.replace("listen ${PORT_1};", ""),
        text.replace("limit_conn b 20;", ""),
        text.replace("location /a/ {\n        limit_conn b 20;\n    }", ""),
        text.replace("20", "21"),
        text.replace("20", "19"),
    ]


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_lesson_has_mutants(lesson: Lesson) -> None:
    """All files that a student writes are changed, and no two mutants are the same."""
    mutants = mutants_of(lesson)

    assert {mutant.file for mutant in mutants} == set(lesson.edit)
    assert len({(mutant.file, mutant.text) for mutant in mutants}) == len(mutants)
    assert not [mutant.place for mutant in mutants if mutant.text == mutant.original]


# Those that change nothing.


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_entry_of_the_course_is_stale(lesson: Lesson) -> None:
    """Each entry of an equivalent.toml fits one mutant of today's solution."""
    assert faults(equivalents(lesson), mutants_of(lesson)) == []


def mutants_in(text: str) -> list[Mutant]:
    return [Mutant("a.py", change, text) for change in python_changes(text)]


def test_an_entry_expires_with_the_line_that_it_quotes() -> None:
    """As long as the line stands, one mutant fits; when it says something else, the entry is told as stale."""
    entry = Equivalent("a.py", "x = 20", "x = 21", "Nobody counts.")

    assert faults([entry], mutants_in("x = 20\n")) == []
    assert faults([entry], mutants_in("x = 30\n")) == [
        "the entry for 'x = 20' in a.py is stale: no mutant makes 'x = 21' of it. Delete the entry."
    ]


def test_an_entry_means_one_place() -> None:
    """Where a line stands twice, a neighbour has to be quoted."""
    text = "a = 1\nf()\nb = 1\nf()\n"

    assert faults([Equivalent("a.py", "f()", "pass", "Why.")], mutants_in(text)) == [
        "the entry for 'f()' in a.py fits 2 mutants. Quote a neighbouring line in 'old' and 'new' too."
    ]
    assert faults([Equivalent("a.py", "b = 1\nf()", "b = 1\npass", "Why.")], mutants_in(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "equivalent = 5",
        "other = 5",
        "[[equivalent]]\nfile = 'a'",
        "[[equivalent",
        BINARY_ENTRY.replace("A reason.", ""),
    ],
)
def test_a_wrong_file_is_told(tiny_lesson, text: str) -> None:
    """A file that is no TOML, and an entry without a file, lines and a reason, are clear errors."""
    lesson = tiny_lesson(SHOUT)
    (lesson.checks / NAME).write_text(text)

    with pytest.raises(CourseError, match=r"equivalent\.toml"):
        equivalents(lesson)


# Chosen and judged.


def test_a_seed_chooses(tiny_lesson) -> None:
    """The same seed chooses the same mutants, another one others; 0 stands for all; equivalent ones are left out."""
    lesson = tiny_lesson(SHOUT, toml=ROUTES)
    every = choose(lesson, 0, 1)
    few = [choose(lesson, 3, seed).mutants for seed in (1, 1, *range(2, 9))]
    (lesson.checks / NAME).write_text(BINARY_ENTRY)
    without = choose(lesson, 0, 1)

    assert list(every.mutants) == mutants_of(lesson)
    assert few[0] == few[1]
    assert len(set(few)) > 2
    assert {len(mutants) for mutants in few} == {3}
    assert (without.of, without.equivalent, without.faults) == (every.of - 1, 1, ())


def test_a_mutant_without_a_check_that_notices_survives(tiny_lesson) -> None:
    """What is echoed as text is checked here, what is echoed as bytes is not."""
    lesson = tiny_lesson(SHOUT)
    mutants = [mutant for mutant in mutants_of(lesson) if mutant.what == "a statement deleted" and mutant.line > 15]

    verdicts = {verdict.mutant.line: verdict.survives for verdict in judge(lesson, mutants[:2])}

    assert verdicts == {17: "survives", 19: ""}


def test_a_solution_that_fails_is_told(tiny_lesson) -> None:
    """Where the solution does not pass, a failure says nothing about a mutant."""
    lesson = tiny_lesson(SHOUT.replace("== text", "== 5"), toml=ROUTES)

    with pytest.raises(CourseError, match="does not pass: It echoes"):
        list(judge(lesson, mutants_of(lesson)[:1]))


def test_verify_tells_survivors_and_keeps_the_rate(tiny_lesson, monkeypatch, tmp_path: Path) -> None:
    """`verify --mutants` shows a survivor as a diff, ends with 1, and what it counted goes into the docs."""
    lesson = tiny_lesson("def test_nothing(site):\n    '''It is there.'''\n", toml=ROUTES)
    (lesson.checks / NAME).write_text(BINARY_ENTRY.replace("ws/sc/", "ws/gone/"))
    monkeypatch.setattr("course.cli.author_commands.lesson_named", lambda name: lesson)
    monkeypatch.setattr("course.bench.stored_results.ROOT", tmp_path)
    (tmp_path / kill_rates.STORED).parent.mkdir(parents=True)
    (tmp_path / kill_rates.STORED).write_text("{}")

    done = CliRunner().invoke(app, ["verify", "90", "--mutants", "2", "--plain"], catch_exceptions=False)
    stored = json.loads((tmp_path / kill_rates.STORED).read_text())[lesson.slug]

    assert done.exit_code == 1
    assert "equivalent.toml: the entry for" in done.output
    assert "echo/routing.py:" in done.output
    assert "    -" in done.output
    assert (stored["judged"], stored["killed"] + stored["survivors"]) == (2, 2)
    assert lesson.slug in (tmp_path / "includes/bench/mutants.md").read_text()


def test_the_first_failure_may_end_a_run(tiny_lesson) -> None:
    """With `stop_at_failure` no check comes after one that fails."""
    failing = SHOUT.replace("== text", "== 5")
    lesson = tiny_lesson(failing + failing.replace("test_echo", "test_again"))

    report = run_checks(lesson, solved=True, stop_at_failure=True)

    assert [(check.name, check.status) for check in report.checks] == [("test_echo", "failed")]
    assert report.course_error == ""


@pytest.mark.skipif(SIGNAL is None, reason="needs a signal that breaks in")
def test_a_run_that_takes_too_long_is_broken_off(monkeypatch) -> None:
    """A mutant that hangs holds its runner no longer than any run may last."""

    class Hanging:
        def run(self, *, abandon: Cancellation, **options: object) -> None:
            with abandon.armed():
                time.sleep(30)

    monkeypatch.setattr(pool_runner, "LONGEST_UNITS", 0.1)
    began = time.monotonic()

    assert pool_runner._run(Hanging(), None, Cancellation()) is None
    assert time.monotonic() - began < 20


# Kept.


def test_the_docs_show_what_was_stored() -> None:
    """The table in the docs is that of the results that are stored."""
    drawn = {path: drawing(stored_results.load(kill_rates)) for path, drawing in kill_rates.DRAWN.items()}

    assert {path: (ROOT / path).read_text(encoding="utf-8") for path in drawn} == drawn


def test_a_rate_is_never_rounded_up() -> None:
    """One survivor of many is not 100 %."""
    assert [kill_rates.rate(*pair) for pair in [(0, 0), (3, 3), (2999, 3000), (95, 100)]] == [
        "–",
        "100 %",
        "99.9 %",
        "95 %",
    ]


def test_a_diff_is_small() -> None:
    """Only the lines that differ are shown."""
    mutant = Mutant("a.py", Change(4, 9, "x <= 2", "what"), "y=1\nx < 2\nz=3\n")

    assert mutant.diff == "-x < 2\n+x <= 2"
    assert mutant.place == "a.py:2"
