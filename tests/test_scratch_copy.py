"""What is checked is a scratch copy, made with care and removed for good."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from course.catalog.lessons import find
from course.catalog.mistakes import Edit, Mistake
from course.errors import CourseError
from course.project.scratch_copy import PREFIX, copy_tree, files_of, remove, scratch

LESSON = find("02")
posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX files")


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let scratch folders lie in a folder of the test's own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "manage.py").write_text("tea")
    return folder


def names(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in files_of(folder)]


def dead_pid() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_the_starter_is_copied() -> None:
    """Without more words, the scratch copy holds the lesson's starter."""
    with scratch(LESSON) as work:
        assert names(work) == names(LESSON.starter)


def test_the_solution_is_laid_over() -> None:
    """`solved` replaces the files that the solution holds, and no others."""
    with scratch(LESSON, solved=True) as work:
        assert (work / "echo/routing.py").read_text() == (LESSON.solution / "echo/routing.py").read_text()
        assert names(work) == names(LESSON.starter)


def test_a_mistake_is_made_in_the_copy_alone(project) -> None:
    """A mistake changes the scratch copy, never the project."""
    folder = project({"tea.txt": "green"})
    mistake = Mistake("m", "s", "c", "f", "t", (Edit("tea.txt", "green", "black"),))

    with scratch(LESSON, folder, mistake=mistake) as work:
        assert (work / "tea.txt").read_text() == "black"
    assert (folder / "tea.txt").read_text() == "green"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_the_folder_is_removed_whatever_happens(temporary: Path, error: type[BaseException]) -> None:
    """After an exception, an interrupt or an exit, no scratch folder is left."""
    with pytest.raises(error):
        with scratch(LESSON):
            raise error
    assert list(temporary.iterdir()) == []


def test_the_folder_is_removed_when_the_mistake_does_not_fit(temporary: Path) -> None:
    """A mistake that can't be made leaves no folder either."""
    mistake = Mistake("m", "s", "c", "f", "t", (Edit("manage.py", "not there", ""),))

    with pytest.raises(CourseError):
        scratch(LESSON, mistake=mistake).__enter__()

    assert list(temporary.iterdir()) == []


@posix
def test_links_that_lead_out_are_not_followed(tmp_path: Path, source: Path) -> None:
    """Links to a file, a folder or nothing outside the project are left out; a link to a file inside is copied."""
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key.txt").write_text("secret")
    (source / "file.txt").symlink_to(secret / "key.txt")
    (source / "folder").symlink_to(secret)
    (source / "up").symlink_to("..")
    (source / "loop").symlink_to(".")
    (source / "broken").symlink_to("nowhere")
    (source / "inside.py").symlink_to("manage.py")

    with scratch(LESSON, source) as work:
        assert names(work) == ["inside.py", "manage.py"]
        assert not (work / "inside.py").is_symlink()


@posix
def test_a_sibling_whose_name_begins_alike_is_outside(tmp_path: Path, source: Path) -> None:
    """A link into `source-private` is no link into `source`."""
    (tmp_path / "source-private").mkdir()
    (tmp_path / "source-private" / "key.txt").write_text("secret")
    (source / "key.txt").symlink_to(tmp_path / "source-private" / "key.txt")

    assert names(source) == ["manage.py"]


@posix
def test_things_that_are_no_files_are_left_out(source: Path) -> None:
    """A named pipe would block whoever copies it."""
    os.mkfifo(source / "pipe")

    with scratch(LESSON, source) as work:
        assert names(work) == ["manage.py"]


def test_caches_are_left_out(source: Path) -> None:
    """Caches, repositories and environments are no part of a project, at any depth."""
    for folder in (".git", ".venv", "node_modules", "app/__pycache__", "app/.mypy_cache"):
        (source / folder).mkdir(parents=True)
        (source / folder / "x.py").write_text("x")

    with scratch(LESSON, source) as work:
        assert names(work) == ["manage.py"]


def test_a_project_that_is_too_large_is_refused(source: Path, temporary: Path) -> None:
    """More than 200 MB is refused with a remedy before it fills the disk, and leaves nothing."""
    with (source / "data.bin").open("wb") as file:
        file.truncate(201 * 1024 * 1024)

    with pytest.raises(CourseError, match="holds more than 200 MB"):
        scratch(LESSON, source).__enter__()

    assert list(temporary.iterdir()) == []


def test_many_files_together_are_too_large(source: Path, tmp_path: Path) -> None:
    """The limit counts all files together."""
    for name in ("a", "b", "c"):
        with (source / name).open("wb") as file:
            file.truncate(70 * 1024 * 1024)

    with pytest.raises(CourseError, match="holds more than 200 MB"):
        copy_tree(source, tmp_path / "target")


@pytest.mark.parametrize("name", ["nowhere", "manage.py"])
def test_a_project_that_is_no_folder_is_refused(source: Path, name: str) -> None:
    """A missing folder and a file are told as what they are."""
    with pytest.raises(CourseError, match="is not a folder"):
        scratch(LESSON, source / name).__enter__()


@posix
def test_folders_of_dead_runs_are_swept(temporary: Path) -> None:
    """What a run that was killed left behind is removed by the next; what belongs to a living one stays."""
    dead = temporary / f"{PREFIX}{dead_pid()}-abc"
    living = temporary / f"{PREFIX}{os.getpid()}-abc"
    other = temporary / f"{PREFIX}notes-abc"
    for folder in (dead, living, other):
        (folder / "project").mkdir(parents=True)

    with scratch(LESSON):
        pass

    assert sorted(temporary.iterdir()) == sorted([living, other])


@posix
def test_a_file_that_nobody_may_read_is_told(source: Path) -> None:
    """A file without read permission is a clear error (root may read everything)."""
    (source / "locked.py").write_text("x")
    (source / "locked.py").chmod(0)
    if os.access(source / "locked.py", os.R_OK):
        (source / "locked.py").chmod(0o600)
        return

    with pytest.raises(CourseError, match="locked"):
        scratch(LESSON, source).__enter__()


@posix
def test_folders_nested_without_end_are_walked_and_removed(tmp_path: Path) -> None:
    """A program that nests folders deeper than Python recurses stops neither this run nor the sweep of the next."""
    top = tmp_path / "nested"
    top.mkdir()
    (top / "manage.py").touch()
    inner = os.open(top, os.O_DIRECTORY)
    for _ in range(2000):
        os.mkdir("d", dir_fd=inner)
        outer, inner = inner, os.open("d", os.O_DIRECTORY, dir_fd=inner)
        os.close(outer)
    os.close(inner)

    assert [path.name for path in files_of(top)] == ["manage.py"]
    remove(top)
    assert not top.exists()
