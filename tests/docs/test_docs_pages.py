"""Pages keep to the template, to plain words, and to one source for what they repeat."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from course.catalog.checklist import Check, checklist
from course.catalog.lessons import ROOT, Lesson
from tests.docs.pages_text import DOCS, GENERATED, LESSONS, fences, headings, lesson_ids, pages, prose

OWN = "On your own"
TAIL = ["Exercise", "Check", "Hints", OWN, "What you know now", "If it goes wrong", "Next"]
BANNED = re.compile(r"\b(?:simply|just|easily|obviously)\b", re.IGNORECASE)
INCLUDED = ("versions.md", "{slug}/exercise.md", "{slug}/hints.md", "{slug}/mistakes.md")
LEARNERS_TEXTS = [*pages(), *sorted(GENERATED.rglob("*.md")), ROOT / "includes" / "glossary.md"]
each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lesson_ids)


def own_checks(lesson: Lesson) -> list[Check]:
    """Return the checks of a lesson's own part."""
    return [check for check in checklist(lesson) if check.group == "own"]


def page_id(path: Path) -> str:
    """Return a page's name for pytest's output."""
    return path.relative_to(ROOT).as_posix()


@each_lesson
def test_every_lesson_has_a_page_in_the_menu(lesson: Lesson) -> None:
    """A lesson's page exists, and mkdocs.yml lists it."""
    assert lesson.page.exists()

    assert f"lessons/{lesson.slug}.md" in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


def test_every_lesson_page_has_a_lesson() -> None:
    """No page tells of a lesson that is not there."""
    written = sorted(path.stem for path in (DOCS / "lessons").glob("*.md"))

    assert written == [lesson.slug for lesson in LESSONS]


@each_lesson
def test_a_lesson_page_follows_the_template(lesson: Lesson) -> None:
    """The headings are those of the template, in its order."""
    text = lesson.page.read_text(encoding="utf-8")
    found = headings(text, 2)

    assert headings(text, 1) == [f"{lesson.number} · {lesson.title}"]
    assert found[0] == "Before you start"
    tail = [heading for heading in TAIL if heading != OWN or own_checks(lesson)]
    assert found[-len(tail) :] == tail
    assert len(found) > 1 + len(TAIL), "a page explains something between its beginning and its exercise"


@each_lesson
def test_a_lesson_page_numbers_its_steps(lesson: Lesson) -> None:
    """`Step N · …` headings count from 1 without a gap."""
    steps = [int(n) for n in re.findall(r"^## Step (\d+) · \S", lesson.page.read_text(encoding="utf-8"), re.MULTILINE)]

    assert steps == list(range(1, len(steps) + 1))


@each_lesson
def test_a_lesson_page_says_what_it_gives(lesson: Lesson) -> None:
    """A page tells what one can do afterwards, how long it takes, and which command checks it."""
    text = lesson.page.read_text(encoding="utf-8")

    assert '!!! abstract "After this lesson you can"' in text
    assert f"{lesson.minutes} minutes" in text
    assert f"python3 course check {lesson.number}" in text


@each_lesson
def test_a_lesson_page_includes_what_is_generated(lesson: Lesson) -> None:
    """Exercise, hints, mistakes and versions are included, never typed."""
    text = lesson.page.read_text(encoding="utf-8")
    included = (*INCLUDED, "{slug}/own.md", "{slug}/own-hints.md") if own_checks(lesson) else INCLUDED
    missing = [name for name in included if f'--8<-- "includes/generated/{name.format(slug=lesson.slug)}"' not in text]

    assert missing == []


@each_lesson
def test_the_exercise_counts_as_the_checks_do(lesson: Lesson) -> None:
    """The exercise's numbers are the numbers of the checks."""
    text = (GENERATED / lesson.slug / "exercise.md").read_text(encoding="utf-8")
    numbers = re.findall(r"^(\d+)\. ", text, re.MULTILINE)

    assert numbers == [str(check.number) for check in checklist(lesson) if check.group == "guided"]


@each_lesson
def test_the_own_part_counts_as_the_checks_do(lesson: Lesson) -> None:
    """Its list has the numbers of the own checks, which go on from the guided ones."""
    own, made = own_checks(lesson), GENERATED / lesson.slug / "own.md"
    text = made.read_text(encoding="utf-8") if own else ""

    assert made.exists() == bool(own)
    assert re.findall(r"^- \*\*(\d+)\.\*\* ", text, re.MULTILINE) == [str(check.number) for check in own]


@each_lesson
def test_the_page_tells_the_hints_of_the_checks(lesson: Lesson) -> None:
    """Each hint of each check is on the page, folded on its own."""
    names = ("hints.md", "own-hints.md") if own_checks(lesson) else ("hints.md",)
    text = "".join((GENERATED / lesson.slug / name).read_text(encoding="utf-8") for name in names)

    assert text.count('??? tip "Hint ') == sum(len(check.hints) for check in checklist(lesson))


@pytest.mark.parametrize("path", LEARNERS_TEXTS, ids=page_id)
def test_no_word_talks_down(path: Path) -> None:
    """What is easy for the author may be hard for the reader: some words are not used."""
    found = BANNED.findall(prose(path.read_text(encoding="utf-8")))

    assert found == []


@pytest.mark.parametrize("path", pages(), ids=page_id)
def test_every_listing_says_where_it_belongs(path: Path) -> None:
    """A fence has a title, unless it is one shell command or a generated output."""
    untitled = [
        fence
        for fence in fences(path.read_text(encoding="utf-8"))
        if "title=" not in fence.head
        and not (fence.language == "sh" and len(fence.body.strip().splitlines()) == 1)
        and not (fence.is_included and "includes/generated/" in fence.body)
    ]

    assert untitled == []


@pytest.mark.parametrize("path", pages(), ids=page_id)
def test_every_picture_says_what_it_shows(path: Path) -> None:
    """A picture has a text of at least four words for those who do not see it."""
    texts = re.findall(r"!\[(.*?)\]\(", path.read_text(encoding="utf-8"))
    short = [text for text in texts if len(text.split()) < 4]

    assert short == []


@pytest.mark.parametrize("path", sorted((DOCS / "assets").glob("*.svg")), ids=page_id)
def test_every_drawing_has_a_title(path: Path) -> None:
    """A drawing names itself, and asks no other host for anything."""
    text = path.read_text(encoding="utf-8")

    assert "<title" in text
    assert 'href="http' not in text
    assert "url(http" not in text


@each_lesson
def test_a_lesson_begins_with_questions_on_earlier_ones(lesson: Lesson) -> None:
    """From 03 on, three of them stand before anything else, folded, each with a folded answer and where it is from."""
    before = lesson.page.read_text(encoding="utf-8").partition("\n## Before you start")[0]
    answers = re.findall(r'^ {4}\?\?\? success "Answer"\n\n((?: {8}.*\n)+)', before, re.MULTILINE)
    sources = [re.findall(r"\]\((\d\d)_\w+\.md\)\)$", answer, re.MULTILINE) for answer in answers]

    assert len(answers) == before.count("\n    **") == (3 if lesson.number > "02" else 0)
    assert all(len(source) == 1 and source[0] < lesson.number for source in sources)
