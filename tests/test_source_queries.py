"""Questions about source are answered from its text, for any layout."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.project.source_queries import ClassSource, Source


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(tmp_path)


def consumers(source: Source, base: str) -> list[str]:
    return [found.name for found in source.consumers(base)]


def test_a_class_is_described(tmp_path: Path, source: Source) -> None:
    """Name, bases, methods and place are told, also of a class inside a function."""
    tea = "    class Tea(Cup, metaclass=M):\n        def pour(self): ...\n        async def drink(self): ...\n"
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "tea.py").write_text(f"def make():\n{tea}")

    assert source.classes() == [ClassSource("Tea", ("Cup",), ("pour", "drink"), str(Path("a/tea.py")), 2)]


@pytest.mark.parametrize(
    "code",
    [
        "from channels.consumer import SyncConsumer\nclass Tea(SyncConsumer): ...",
        "import channels.consumer\nclass Tea(channels.consumer.SyncConsumer): ...",
        "import channels.consumer as c\nclass Tea(c.SyncConsumer): ...",
        "from channels.consumer import SyncConsumer as Base\nclass Tea(Base): ...",
        "class Mixin: ...\nfrom channels.consumer import SyncConsumer\nclass Tea(Mixin, SyncConsumer): ...",
        "from channels.generic.websocket import WebsocketConsumer\nclass Tea(WebsocketConsumer): ...",
        "from channels.generic.websocket import JsonWebsocketConsumer as J\nclass Tea(J): ...",
        "from channels.consumer import SyncConsumer\nBase = SyncConsumer\nclass Tea(Base): ...",
        "import channels.consumer as c\nBase: type = c.SyncConsumer\nOther = Base\nclass Tea(Other): ...",
        "from channels.consumer import SyncConsumer as S\nBase = S\nclass Tea(Base): ...",
        "import channels.consumer as c\nMade = type('Tea', (Mixin, c.SyncConsumer), {})",
    ],
)
def test_a_consumer_is_recognised_however_its_base_is_imported(tmp_path: Path, source: Source, code: str) -> None:
    """Dotted names, aliases, mixins and the generic consumers all lead to their base."""
    (tmp_path / "tea.py").write_text(code)

    assert consumers(source, "SyncConsumer") == ["Tea"]
    assert consumers(source, "AsyncConsumer") == []


def test_a_base_in_another_file_counts(tmp_path: Path, source: Source) -> None:
    """Inheritance is followed through the project's own classes, in whatever file they stand."""
    (tmp_path / "base.py").write_text("class Base(AsyncJsonWebsocketConsumer): ...")
    (tmp_path / "tea.py").write_text("class Tea(Base): ...\nclass Cup: ...")

    assert consumers(source, "AsyncConsumer") == ["Base", "Tea"]


def test_classes_that_inherit_in_a_circle_end(tmp_path: Path, source: Source) -> None:
    """Two classes that name each other as bases are no endless loop."""
    (tmp_path / "tea.py").write_text("class A(B): ...\nclass B(A): ...")

    assert consumers(source, "SyncConsumer") == []


@pytest.mark.parametrize(
    "data",
    [
        b"class Tea(",
        b"\x00",
        b"# coding: nothing\n",
        b"\xff\xfe",
        b"x = " + b"-" * 200_000 + b"1",
        b"x = " + b"1+" * 20_000 + b"1",
        b"class A(" + b"a." * 5_000 + b"b): ...\n" + b"-" * 100_000 + b"1",
        b"class B: ...\n" * 200_000,
    ],
)
def test_a_file_that_is_no_python_has_no_classes(tmp_path: Path, source: Source, data: bytes) -> None:
    """What can't be parsed, or only at the price of our own crash, is passed over, and the rest is read."""
    (tmp_path / "broken.py").write_bytes(data)
    (tmp_path / "fine.py").write_text("class Fine: ...")

    assert [found.name for found in source.classes()] == ["Fine"]


@pytest.mark.parametrize("base", ["f()", "Base[int]", "a.b[c.d]", "(x := SyncConsumer)", "*bases"])
def test_odd_bases_are_no_crash(tmp_path: Path, source: Source, base: str) -> None:
    """Whatever stands between the brackets of a class, its name is told."""
    (tmp_path / "tea.py").write_text(f"class Tea({base}): ...")

    assert [found.name for found in source.classes()] == ["Tea"]


@pytest.mark.parametrize("text", ["a" + ".b" * 900, "+".join(["1"] * 900), "not " * 250 + "1", "a" + "[0]" * 280])
def test_a_deep_expression_is_no_crash(tmp_path: Path, source: Source, text: str) -> None:
    """Whether Python's own tools can bear it or not, questions about the rest of the project are answered."""
    (tmp_path / "deep.py").write_text(text)
    (tmp_path / "fine.py").write_text("class Fine:\n    drink = 'tea'\n")

    assert source.holds("class Fine")
    assert source.files_with("tea") == ["fine.py"]
    assert [found.name for found in source.classes()] == ["Fine"]


def test_only_python_files_are_read(tmp_path: Path, source: Source) -> None:
    """A text that looks like Python is no source."""
    (tmp_path / "notes.txt").write_text("class Tea: ...")

    assert source.classes() == []


def test_a_class_tells_which_names_it_uses(tmp_path: Path, source: Source) -> None:
    """Names inside a class are told, an alias by what it stands for, and none from outside."""
    pour = "    def pour(self): now(self.cup.fill)()\n"
    (tmp_path / "tea.py").write_text(f"from asgiref.sync import async_to_sync as now\nclass Tea:\n{pour}print()\n")

    assert source.classes()[0].uses == {"async_to_sync", "self", "cup", "fill"}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("from tea import pour\npour(1)", True),
        ("import tea\nmap(tea.pour, [1])", True),
        ("from tea import pour as p\np(1)", True),
        ("import tea\ngetattr(tea, 'pour')(1)", True),
        ("from tea import pour", False),
        ("def pour(cup): ...", False),
        ("pour = None", False),
    ],
)
def test_a_name_is_used_where_it_is_read(tmp_path: Path, source: Source, code: str, expected: bool) -> None:
    """Defining or importing a name is no use of it; calling it, handing it on and looking it up are."""
    (tmp_path / "cup.py").write_text(code)

    assert source.uses("pour") is expected
