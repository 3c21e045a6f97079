"""What learners read is plain English: no phrase of these lists, in any page, hint, title, cause, message or help."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.catalog.lessons import ROOT

# What a reader stumbled over, as a regular expression, and what to write.
QUESTION = r"(?![^\n]{0,160}\?)"
VERBS = "is|are|has|was|gets|hears|knows|comes|leaves|wants|joins|asks|can|waits|becomes|subscribes|takes|writes|speaks"
THINGS = "text|object|wall|page|number|member|JSON|coroutine|call|secret|command|slug|file|part"
PLAIN = {
    r"\bshall\b": "should, or the present tense",
    r"\bmany an? (?!time)": "many, with a plural",
    r"\b(?:simply|just|easily|obviously)\b": "nothing: it talks down",
    rf"(?:^|[.:;!?] )Who (?:{VERBS})\b{QUESTION}": "Anyone who, or a noun",
    r"\bfails? over (?:it|them)\b": "because of it",
    r"\ba text\b(?! (?:file|editor|frame|message|field|node|or a binary))": "a string, or text",
    r"\bsomebody\b(?! entered last)|\beverybody\b(?! out)|\banybody\b(?! in)": "someone, everyone, anyone",
    r"\bfor ever\b": "forever",
    r"\bto the letter\b": "exactly",
    rf"(?<!\bthere )(?<!\bThere )\b(?:is|are|was|be) no (?:{THINGS})\b": "is not a …",
    r"\b[Ww]hat is no\b": "anything that is not",
    r"\b(?:that|which) is none\b": "that is not a …",
    r"\banew\b": "again",
    r"\b[Tt]ake \S+ over from\b": "copy",
    r"\bhand(?:s|ed)? (?:it|them|that|this) on\b": "pass it on",
    r"\bbesides\b(?! (?:the|this|that)\b)": "also, or what else",
    r"\bas ever\b": "as always, as before",
    r"\blives? on\b": "stays open, keeps running",
    r"\bmend(?:s|ed)?\b": "fix",
    r"\bknows? (?:this|it) since\b": "has known it since",
    r"\bstands? (?:in|at|on|under|behind|before|there)\b(?! (?:for|front|still)\b)": "is in, is at",
    r"\bin many a\b|\bof no worth\b|\bround about\b": "plain words",
    r"\bone after the other\b(?=[.;])": "one after another",
}
WORDS = {re.compile(pattern, re.MULTILINE): advice for pattern, advice in PLAIN.items()}
FENCE = re.compile(r"^[ \t]*(`{3,}).*?^[ \t]*\1[ \t]*$", re.MULTILINE | re.DOTALL)
NOT_PROSE = re.compile(r"``.+?``|`[^`]*`|\]\([^)]*\)|<[^>\n]+>|\{[^}\n]*\}|^\s*--8<--.*$", re.MULTILINE)
# Reserved for those who change the course.
FOR_AUTHORS = ("authors.md", "fixtures.md")
PAGES = [
    path
    for path in [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "includes" / "glossary.md"]
    if path.name not in FOR_AUTHORS
]
TOLD = {"symptom", "cause", "fix", "text", "title", "summary"}
QUOTED = re.compile(r"\w*(?:Error|Warning|Exception)\b:.*", re.DOTALL)  # what a program says, word for word
HELP = [*(ROOT / "course" / "cli").glob("*.py"), *(ROOT / "course" / "watch").glob("*.py")]
MESSAGES = [*HELP, *(ROOT / "course" / "judging").glob("*.py"), *(ROOT / "course" / "student").glob("*.py")]


def blanked(match: re.Match[str]) -> str:
    """Return what takes the place of code: nothing to read, and as many lines."""
    return "\n" * match.group().count("\n") or "·"


def of_page(path: Path) -> Iterator[tuple[int, str]]:
    """Yield a page's paragraphs with their lines, without its code."""
    text = NOT_PROSE.sub(blanked, FENCE.sub(blanked, path.read_text(encoding="utf-8")))
    for match in re.finditer(r"\S(?:(?!\n[ \t]*\n)[\s\S])*", text):
        yield text.count("\n", 0, match.start()) + 1, " ".join(match.group().split())


def of_catalogue(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a TOML file that learners read."""
    source = path.read_text(encoding="utf-8")
    tables = [entries for entries in tomllib.loads(source).values() if isinstance(entries, list)]
    entries = [entry for table in tables for entry in table if isinstance(entry, dict)] or [tomllib.loads(source)]
    for entry in entries:
        for key in TOLD & entry.keys():
            line = source.find(str(entry[key])[:12])
            yield source.count("\n", 0, max(line, 0)) + 1, QUOTED.sub("·", NOT_PROSE.sub("·", str(entry[key])))


def of_check(path: Path) -> Iterator[tuple[int, str]]:
    """Yield a suite's titles and hints, and what its checks say when they are not met."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.lineno + 1, NOT_PROSE.sub("·", " ".join((ast.get_docstring(node) or "").split()))
        elif isinstance(node, ast.Assert) and node.msg:
            yield node.lineno, words_of(node.msg)
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
            yield node.lineno, words_of(node.exc.args[0])


def of_program(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the texts of a module that may be shown: all but docstrings and what is no sentence."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    with_docstrings = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, with_docstrings) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
        if is_text and node.value.count(" ") >= 2:
            yield node.lineno, NOT_PROSE.sub("·", node.value)


def words_of(node: ast.expr) -> str:
    """Return the words of a string, with a mark for each value in it."""
    if isinstance(node, ast.JoinedStr):
        return "".join(words_of(part) for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else "·"


SOURCES = [
    *((path, of_page) for path in PAGES),
    *((path, of_catalogue) for pattern in ("checks/*/*.toml", "lessons/*/lesson.toml") for path in ROOT.glob(pattern)),
    *((path, of_check) for path in [*ROOT.glob("checks/*.py"), *ROOT.glob("checks/*/test_*.py")]),
    *((path, of_program) for path in MESSAGES),
]


@pytest.mark.parametrize(
    ("path", "read"), [pytest.param(path, read, id=path.relative_to(ROOT).as_posix()) for path, read in SOURCES]
)
def test_it_reads_as_plain_english(path: Path, read) -> None:  # type: ignore[no-untyped-def]
    """No phrase of the list is in it; each is told with its file, its line and what to write."""
    found = [
        f"{path.relative_to(ROOT)}:{line}: “{match.group().strip()}”: write {advice}  …{text[:80]}"
        for line, text in read(path)
        for words, advice in WORDS.items()
        for match in words.finditer(text)
    ]

    assert not found, "\n".join(found)


@pytest.mark.parametrize("text", ["Who knows the key writes it.", "Nobody fails over it.", "ws/ shall greet."])
def test_the_list_finds_what_it_is_for(text: str) -> None:
    """The sentences that readers stumbled over are found."""
    assert any(words.search(text) for words in WORDS)


@pytest.mark.parametrize(
    "text", ["Who wrote that one?", "Anyone who knows the key can write.", "Text frames come back."]
)
def test_the_list_lets_plain_sentences_pass(text: str) -> None:
    """A question that begins with “Who”, and plain sentences, are left alone."""
    assert [words.pattern for words in WORDS if words.search(text)] == []
