"""Who handed in what: names as platforms write them, rosters, archives of a whole class."""

from __future__ import annotations

import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from course.catalog.lessons import find
from course.errors import CourseError
from course.grading.entries import Entry, class_folder, entries, missing, taken_in
from course.grading.members import Refused
from course.grading.roster import read_roster
from course.grading.unpacking import ClassFolder

ECHO = find("02")


def folder_of(top: Path, *names: str) -> ClassFolder:
    """Make entries of these names; those with an ending are files, the others folders."""
    for name in names:
        place = top / name
        if "." in name:
            place.write_bytes(b"")
        else:
            place.mkdir(parents=True)
    return ClassFolder(top)


def told(found: list[Entry]) -> list[tuple[str, str, str]]:
    return [(entry.name, entry.submitter.platform, entry.submitter.id) for entry in found]


def test_moodle_writes_name_and_participant(tmp_path: Path) -> None:
    """Of one student all parts are one entry, also where the name holds an underscore."""
    found = entries(
        folder_of(
            tmp_path,
            "Ana María_Lopez_101_assignsubmission_file_",
            "Ana María_Lopez_101_assignsubmission_onlinetext_",
            "Ben O'Neil_102_assignsubmission_file_work.zip",
        )
    )

    assert told(found) == [("Ana María_Lopez", "moodle", "101"), ("Ben O'Neil", "moodle", "102")]
    assert len(found[0].sources) == 2


def test_canvas_writes_name_lateness_user_and_attachment(tmp_path: Path) -> None:
    """Several files of one student are one entry, and LATE is a fact about it."""
    found = entries(
        folder_of(
            tmp_path,
            "smithbob_LATE_340934_208490284_BobsWork.zip",
            "wellslane_334244_394803489_MyAssignment.zip",
            "wellslane_334244_394803490_MyAssignment-1.png",
            "anon_Xy12z_394803491_work.zip",
        )
    )

    assert told(found) == [
        ("anon Xy12z", "canvas", "Xy12z"), ("smithbob", "canvas", "340934"), ("wellslane", "canvas", "334244"),
    ]  # fmt: skip
    assert [entry.submitter.late for entry in found] == [False, True, False]


def test_gradescope_says_in_its_metadata_who_and_when(tmp_path: Path) -> None:
    """A group is told by all its names; the file itself is no entry."""
    (tmp_path / "submission_metadata.yml").write_text(
        "submission_11:\n  :submitters:\n  - :name: Solo Student\n    :sid: '100'\n    :email: solo@example.org\n"
        "  :created_at: 2026-11-20 12:00:00.123 Z\n"
        "submission_12:\n  :submitters:\n  - :name: Pair One\n    :sid: '200'\n  - :name: Pair Two\n    :sid: '201'\n"
    )
    found = entries(folder_of(tmp_path, "submission_11", "submission_12"))

    assert told(found) == [("Solo Student", "gradescope", "100"), ("Pair One & Pair Two", "gradescope", "200 & 201")]
    assert found[0].submitter.email == "solo@example.org"
    assert found[0].submitter.handed_in == pytest.approx(1795176000, abs=1)


def test_clones_lose_the_name_of_their_assignment(tmp_path: Path) -> None:
    """What all names begin with, up to a dash, is the assignment of GitHub Classroom."""
    for name in ("echo-lab-ana", "echo-lab-amy-x"):
        (tmp_path / name / ".git").mkdir(parents=True)

    assert [entry.name for entry in entries(ClassFolder(tmp_path))] == ["amy-x", "ana"]


def test_every_entry_has_a_row_and_its_reason(tmp_path: Path) -> None:
    """A text, a link and an empty folder are told; hidden files are left out."""
    folder_of(tmp_path, "ana", "notes.txt", ".cache", ".DS_Store")
    (tmp_path / "link").symlink_to(tmp_path / "ana")

    reasons = {}
    for entry in entries(ClassFolder(tmp_path)):
        with pytest.raises(Refused) as caught, taken_in(entry, ECHO):
            pass
        reasons[entry.name] = str(caught.value)

    assert reasons == {
        "ana": "There is no manage.py in it.",
        "link": f"It is a link to {tmp_path / 'ana'}.",
        "notes.txt": "It is neither a folder nor a zip, tar or tar.gz.",
    }


def test_strange_names_are_told_and_stored_safely(tmp_path: Path) -> None:
    """No byte of a name reaches a terminal or a path as it is, and no two results share a folder."""
    names = [b"-rf", b"=1+1", b"two\nlines", b"J\xf6rg", b"\x1b[2Jclear", b"ana", b"Ana", b"run.json", b"a" * 200]
    for name in names:
        Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).mkdir()

    found = entries(ClassFolder(tmp_path))

    shown = {entry.name for entry in found}
    assert {"-rf", "=1+1", "two lines", "J\\xf6rg", "clear", "ana", "Ana", "run.json"} < shown
    folders = [entry.folder for entry in found]
    assert len({folder.casefold() for folder in folders}) == len(names)
    assert all(folder.isascii() and folder[0] not in ".-=" and "/" not in folder for folder in folders)
    assert "ana" in folders


def test_two_of_one_name_are_told_apart(tmp_path: Path) -> None:
    """A folder and an archive of the same student are two rows that say which is which."""
    found = entries(folder_of(tmp_path, "ana", "ana.zip"))

    assert [entry.name for entry in found] == ["ana (ana)", "ana (ana.zip)"]


ROSTERS = {
    "own": "student,id,email\nAna López,s1,ana@example.org\nBob Smith,340934,bob@example.org\nCleo,s3,\n",
    "semicolons": "Last name;First name;ID number\nLópez;Ana;s1\nSmith;Bob;340934\n;Cleo;s3\n",
    "canvas": "Student,ID,SIS User ID,SIS Login ID,Section,Echo (7)\n    Points Possible,,,,,6\n"
    '"López, Ana",1,s1,ana,X,\n"Smith, Bob",340934,s2,bob,X,\nCleo,3,s3,cleo,X,\n',
    "moodle": "Identifier,Full name,Email address,Status,Grade\nParticipant 1,Ana López,ana@example.org,,\n"
    "Participant 340934,Bob Smith,bob@example.org,,\nParticipant 3,Cleo,c@example.org,,\n",
}


@pytest.mark.parametrize("kind", ROSTERS)
def test_a_roster_names_students_and_who_is_missing(tmp_path: Path, kind: str) -> None:
    """Our own table, and the exports of Canvas and Moodle, map entries to students."""
    file = tmp_path / "students.csv"
    file.write_text(ROSTERS[kind], encoding="utf-8-sig")
    roster = read_roster(file)
    found = entries(folder_of(tmp_path / "class", "ana lópez", "smithbob_340934_1_x.zip", "stranger"), roster)

    known = {entry.name: bool(entry.student) for entry in found}
    assert list(known.values()) == [True, True, False]
    assert [student.name for student in missing(roster, found)] == ["Cleo"]


@pytest.mark.parametrize("text", ["", "student,id\n", "\x00\n", "colour\nred\n"])
def test_a_table_that_names_nobody_is_misuse(tmp_path: Path, text: str) -> None:
    """The error says what the first line should be."""
    (tmp_path / "students.csv").write_text(text)

    with pytest.raises(CourseError, match="names no student"):
        read_roster(tmp_path / "students.csv")


def test_the_zip_of_a_class_is_taken_as_the_platform_gives_it(tmp_path: Path) -> None:
    """Gradescope wraps all in one folder; the entries lie in that."""
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr(
            "assignment_99_export/submission_metadata.yml", "submission_1:\n  :submitters:\n  - :name: A\n"
        )
        archive.writestr("assignment_99_export/submission_1/manage.py", "")

    with class_folder(tmp_path / "export.zip", ECHO) as found:
        assert [entry.name for entry in entries(found)] == ["A"]


def test_what_is_wrong_with_one_entry_of_an_archive_is_no_harm_to_the_others(tmp_path: Path) -> None:
    """A path that leads out, a link and a file given twice are refused in their own rows."""
    with tarfile.open(tmp_path / "class.tar", "w") as archive:
        for name in ("ana/manage.py", "ben/a.py", "ben/a.py", "../evil.py"):
            archive.addfile(tarfile.TarInfo(name))
        link = tarfile.TarInfo("cleo/manage.py")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)

    reasons = {}
    with class_folder(tmp_path / "class.tar", ECHO) as found:
        for entry in entries(found):
            try:
                with taken_in(entry, ECHO):
                    reasons[entry.name] = ""
            except Refused as reason:
                reasons[entry.name] = str(reason)

    assert reasons["ana"] == ""
    assert "twice" in reasons["ben"]
    assert "is a link to /etc/passwd" in reasons["cleo"]
    assert [reason for name, reason in reasons.items() if "evil" in name] == ["../evil.py leads out of it."]
    assert not (tmp_path.parent / "evil.py").exists()
