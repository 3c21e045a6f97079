"""What a submission may be, and what is refused: archives, links, devices, bombs, names."""

from __future__ import annotations

import io
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from course.catalog.lessons import find
from course.grading import taking_in as limits
from course.grading.members import Refused
from course.grading.project_search import find_project
from course.grading.taking_in import Intake
from course.project.fingerprint import fingerprint

ECHO = find("02")
MANAGE = b"import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings')\n"


def zip_of(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 27, 12, 0, 0)), content)
    return path


def tar_of(path: Path, *infos: tarfile.TarInfo, **files: bytes) -> Path:
    with tarfile.open(path, "w:gz" if path.name.endswith("gz") else "w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name.replace("__", "/").replace("_dot_", "."))
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for info in infos:
            archive.addfile(info)
    return path


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def take(source: Path) -> Path:
    return Intake().take([source], source.parent / "taken")


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tgz"])
def test_archives_are_unpacked(tmp_path: Path, name: str) -> None:
    """Each kind of archive comes out as its files."""
    make = zip_of(tmp_path / name, {"p/manage.py": MANAGE}) if name.endswith("zip") else None
    archive = make or tar_of(tmp_path / name, p__manage_dot_py=MANAGE)

    assert files_in(take(archive)) == ["p/manage.py"]


def test_what_nobody_judges_is_left_out(tmp_path: Path) -> None:
    """Rubbish of systems, histories, packages and virtual environments of any name stay outside."""
    kept = {"p/manage.py": MANAGE, "p/chat/models.py": b""}
    rubbish = ("__MACOSX/p/._manage.py", "p/.git/config", "p/node_modules/a/b.js", "p/my-env/pyvenv.cfg",
               "p/my-env/lib/x.py", "p/.DS_Store", "p/chat/__pycache__/models.pyc", ".venv/bin/python")  # fmt: skip

    taken = take(zip_of(tmp_path / "a.zip", kept | dict.fromkeys(rubbish, b"x")))

    assert files_in(taken) == sorted(kept)


def link_in_zip(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("manage.py")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return path


HOSTILE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "up-and-out": (lambda d: zip_of(d / "a.zip", {"../../evil.py": b"x"}), "leads out"),
    "absolute": (lambda d: tar_of(d / "a.tar", special("/etc/cron.d/x", tarfile.REGTYPE)), "leads out"),
    "drive": (lambda d: zip_of(d / "a.zip", {"C:/evil.py": b"x"}), "leads out"),
    "backslashes": (lambda d: tar_of(d / "a.tar", special("..\\..\\evil.py", tarfile.REGTYPE)), "leads out"),
    "link": (lambda d: tar_of(d / "a.tar", special("p/x", tarfile.SYMTYPE, "/etc/passwd")), "is a link to /etc/passwd"),
    "hard-link": (lambda d: tar_of(d / "a.tar", special("p/x", tarfile.LNKTYPE, "p/y")), "is a link"),
    "link-in-zip": (lambda d: link_in_zip(d / "a.zip"), "manage.py is a link to /etc/passwd"),
    "device": (lambda d: tar_of(d / "a.tar", special("p/zero", tarfile.CHRTYPE)), "neither a file nor a folder"),
    "fifo": (lambda d: tar_of(d / "a.tar", special("p/pipe", tarfile.FIFOTYPE)), "neither a file nor a folder"),
    "case": (lambda d: zip_of(d / "a.zip", {"Chat/a.py": b"", "chat/b.py": b""}), "differ in upper and lower case"),
    "unicode-forms": (lambda d: zip_of(d / "a.zip", {"ä.py": b"", "a\u0308.py": b""}), "differ in"),
    "twice": (lambda d: tar_of(d / "a.tar", *2 * [special("m.py", tarfile.REGTYPE)]), "is in it twice"),
    "file-and-folder": (lambda d: zip_of(d / "a.zip", {"a": b"x", "a/b": b"x"}), "both a file and a folder"),
    "deep": (lambda d: zip_of(d / "a.zip", {"d/" * 60 + "x.py": b""}), "levels deep"),
    "long-name": (lambda d: zip_of(d / "a.zip", {"x" * 300: b""}), "too long a name"),
    "no-archive": (lambda d: Path(d, "a.zip").write_bytes(b"PK\x03\x04 no") and d / "a.zip", "can't be read"),
    "cut-off": (lambda d: cut_off(tar_of(d / "a.tar.gz", p__manage_dot_py=os.urandom(9000))), "can't be read"),
}  # fmt: skip


def cut_off(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:-2000])
    return path


@pytest.mark.parametrize("name", HOSTILE)
def test_what_has_no_place_in_a_project_is_refused(tmp_path: Path, name: str) -> None:
    """The reason says what and where, and nothing is written outside."""
    make, told = HOSTILE[name]
    archive = make(tmp_path)

    with pytest.raises(Refused, match=told):
        take(archive)
    assert {path.name for path in tmp_path.iterdir()} <= {archive.name, "taken"}


def test_bombs_stop_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What unpacks to more than the limit costs no more than the limit."""
    monkeypatch.setattr(limits, "MOST_BYTES", 100_000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(50_000_000))

    with pytest.raises(Refused, match="more than"):
        take(tmp_path / "bomb.zip")
    assert sum(path.stat().st_size for path in (tmp_path / "taken").rglob("*")) <= 100_000


def test_what_is_left_out_is_no_way_round_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tar.gz has to be unpacked even where it is skipped, so what is skipped has a limit too."""
    monkeypatch.setattr(limits, "MOST_PACKED_BYTES", 100_000)

    with pytest.raises(Refused, match="unpacks to more than"):
        take(tar_of(tmp_path / "a.tar.gz", node_modules__zeros=bytes(1_000_000)))


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of files has a limit."""
    monkeypatch.setattr(limits, "MOST_FILES", 10)

    with pytest.raises(Refused, match="more than 10 files"):
        take(zip_of(tmp_path / "a.zip", {f"{number}.py": b"" for number in range(11)}))


def test_a_folder_is_walked_without_following_links(tmp_path: Path) -> None:
    """A link in a folder is told, whether it leads out, to itself or nowhere."""
    for name, target in {"out": "/etc", "loop": ".", "nowhere": "gone"}.items():
        folder = tmp_path / name / "ana"
        folder.mkdir(parents=True)
        (folder / "link").symlink_to(target)

        with pytest.raises(Refused, match="link is a link to"):
            take(folder)


def test_a_pipe_in_a_folder_holds_nobody_up(tmp_path: Path) -> None:
    """What is neither file nor folder is refused, and never opened."""
    folder = tmp_path / "ana"
    folder.mkdir()
    os.mkfifo(folder / "manage.py")

    with pytest.raises(Refused, match="neither a file nor a folder"):
        take(folder)


def test_names_of_any_bytes_are_files(tmp_path: Path) -> None:
    """Names that are no UTF-8, begin with a dash, hold a line end or a formula are taken in as they are."""
    folder = tmp_path / "ana"
    folder.mkdir()
    names = [b"-rf", b"=1+1", b"two\nlines", b"J\xf6rg.py"]
    for name in names:
        Path(folder, os.fsdecode(name)).write_bytes(b"x")

    taken = take(folder)

    assert sorted(os.fsencode(path.name) for path in taken.iterdir()) == sorted(names)
    assert len(fingerprint(taken)) == 64


def test_a_students_zip_in_the_folder_of_a_platform_is_unpacked(tmp_path: Path) -> None:
    """Beside a report, but beside no project, the only archive is what was handed in."""
    folder = tmp_path / "Ana_12_assignsubmission_file_"
    folder.mkdir()
    (folder / "report.pdf").write_bytes(b"x")
    zip_of(folder / "work.zip", {"work/manage.py": MANAGE})

    assert find_project(take(folder), ECHO).name in ("taken", "work")
    assert "work/work/manage.py" in files_in(tmp_path / "taken")


def projects(tmp_path: Path, *files: str) -> Path:
    return take(zip_of(tmp_path / "a.zip", dict.fromkeys(files, MANAGE)))


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (["manage.py"], ""),
        (["a/b/c/manage.py", "a/b/c/chat/x.py"], "a/b/c"),
        (["p/README.md", "p/server/manage.py", "p/client/package.json"], "p"),
        (["hand/in/p/manage.py", "notes.txt"], "hand/in/p"),
        (["course/x.py", "lessons/02_sync_echo/manage.py", "lessons/03_async_echo/manage.py"], "lessons/02_sync_echo"),
        (["my-clone/lessons/02_sync_echo/server/manage.py"], "my-clone/lessons/02_sync_echo"),
        (["p/manage.py", "p/vendored/manage.py"], "p"),
    ],
)
def test_the_project_is_found_however_it_is_packed(tmp_path: Path, files: list[str], found: str) -> None:
    """A clone has its lesson's folder; elsewhere it is the only project that there is."""
    taken = projects(tmp_path, *files)

    assert find_project(taken, ECHO) == (taken / found if found else taken)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (["notes.txt"], "There is no manage.py in it"),
        (["a/manage.py", "b/manage.py", "c.txt"], "There are 2 projects in it: a, b"),
        (["lessons/03_async_echo/lesson.toml", "lessons/03_async_echo/manage.py"], "lessons has no 02_sync_echo"),
        (["a/lessons/02_sync_echo/manage.py", "b/lessons/02_sync_echo/manage.py"], "There are 2 copies of lessons/02"),
    ],
)
def test_no_project_and_two_are_told(tmp_path: Path, files: list[str], told: str) -> None:
    """The reason names what there is."""
    with pytest.raises(Refused, match=told):
        find_project(projects(tmp_path, *files), ECHO)
