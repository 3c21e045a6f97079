"""bubblewrap is found, or got as root on Debian, or asked for; and nothing that is not trusted runs without it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from course.catalog.lessons import find as find_lesson
from course.cli.main import app
from course.testbed.tools import apt, bubblewrap_install
from course.testbed.tools.bubblewrap_install import NoCage, provide


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """A Linux without bubblewrap; what apt-get is asked for is noted, and does not help."""
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(bubblewrap_install.sys, "platform", "linux")
    monkeypatch.setattr(bubblewrap_install.shutil, "which", lambda name: None)
    monkeypatch.setattr(apt, "get", lambda *arguments, say: asked.append(arguments) or True)
    return asked


def test_an_ordinary_user_is_told_the_command(missing: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may not install is told what to type, and nothing is tried."""
    monkeypatch.setattr(apt, "may_install", lambda: False)

    with pytest.raises(NoCage) as told:
        provide(lambda line: None)

    assert "sudo apt-get install bubblewrap" in told.value.hint
    assert missing == []


def test_root_gets_it(missing: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    """As root on Debian it is installed, with each step said aloud."""
    monkeypatch.setattr(apt, "may_install", lambda: True)
    said: list[str] = []

    with pytest.raises(NoCage):
        provide(said.append)

    assert missing == [("update",), ("install", "-y", "--no-install-recommends", "bubblewrap")]
    assert "There is no bubblewrap here" in said[0]


def test_other_systems_are_told_what_they_need(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are no cages where there is no Linux."""
    monkeypatch.setattr(bubblewrap_install.sys, "platform", "darwin")

    with pytest.raises(NoCage, match="no cages on this system"):
        provide(lambda line: None)


def test_a_class_is_not_judged_without_a_cage(
    missing: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where there is no cage, grade refuses before anything of a submission runs."""
    monkeypatch.setattr(apt, "may_install", lambda: False)
    (tmp_path / "ana").mkdir()
    (tmp_path / "ana" / "manage.py").write_text("open('ran', 'w')")

    ended = CliRunner().invoke(app, ["grade", find_lesson("02").number, str(tmp_path)])

    assert isinstance(ended.exception, NoCage)
    assert not (tmp_path / "ana" / "ran").exists()
