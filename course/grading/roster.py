"""Who is in the class: a table of students, ours or one that Canvas or Moodle has exported."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from course.errors import CourseError
from course.grading.submission_names import Submitter
from course.reports.clean import clean_line

MOST_BYTES = 10 * 1024 * 1024
# What columns are called: in a table of one's own, in Canvas's gradebook, in Moodle's grading worksheet and its
# participants, in Gradescope's roster, in GitHub Classroom's.
NAMES = ("student", "name", "full name", "student name", "first and last name")
FIRST, LAST = ("first name", "firstname", "first_name"), ("last name", "surname", "lastname", "last_name")
SIS = ("sis user id", "sis login id")
IDS = ("id", *SIS, "sid", "student id", "id number", "identifier", "number", "username", "login")
LOGINS = ("github_username", "github username", "github", "github_id")
EMAILS = ("email", "email address", "e-mail", "mail")


@dataclass(frozen=True)
class Student:
    """A row of the roster: what to call somebody, all that may name them, and the row as it was."""

    name: str
    id: str = ""
    email: str = ""
    keys: frozenset[str] = frozenset()
    row: dict[str, str] = field(default_factory=dict, hash=False, compare=False)


@dataclass(frozen=True)
class Roster:
    """The students of a class, and the columns of their table."""

    students: tuple[Student, ...]
    columns: tuple[str, ...] = ()

    def find(self, submitter: Submitter, *names: str) -> Student | None:
        """Return the student whom a submission names, or its files; None where that is nobody, or two."""
        for told in ([submitter.id], [submitter.email], [submitter.student, *names]):
            wanted = {key for text in told if text for key in _keys(text)}
            found = [student for student in self.students if wanted & student.keys]
            if len(found) == 1:
                return found[0]
        return None


def read_roster(file: Path) -> Roster:
    """Read a table of students. Raises CourseError where there is none, or no column names anybody."""
    try:
        if file.stat().st_size > MOST_BYTES:
            raise CourseError(f"{file} is too large for a list of students.")
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CourseError(f"{file} can't be read: {error.strerror}.", "Name a CSV file with --roster.") from None
    except UnicodeDecodeError:
        raise CourseError(f"{file} is not UTF-8.", "Save it as “CSV UTF-8”.") from None
    header = text.partition("\n")[0]
    separator = max(",;\t", key=header.count)
    table = csv.DictReader(text.splitlines(), delimiter=separator)
    columns = tuple(table.fieldnames or ())
    students = tuple(filter(None, (_student(row) for row in table)))
    if not students:
        told = "Its first line names the columns, for example: student,id,email"
        raise CourseError(f"{file} names no student.", told)
    return Roster(students, columns)


def _student(row: dict[str, str | None]) -> Student | None:
    """Return the student of a row; one that holds no name, as Canvas's “Points Possible”, is none."""
    known = {(key or "").strip().lower(): (value or "").strip() for key, value in row.items() if isinstance(key, str)}
    first, last = _first(known, FIRST), _first(known, LAST)
    name = _first(known, NAMES) or f"{first} {last}".strip() or _first(known, (*LOGINS, *IDS, *EMAILS))
    if not name or name.lower() == "points possible":
        return None
    ids = [known[key] for key in (*IDS, *LOGINS) if known.get(key)]
    email = _first(known, EMAILS)
    spelled = [name, f"{first} {last}", f"{last} {first}", *_turned(name), *ids, email, email.partition("@")[0]]
    keys = frozenset(key for text in spelled for key in _keys(text))
    kept = {key: value or "" for key, value in row.items() if isinstance(key, str)}
    return Student(clean_line(name), clean_line(ids[0]) if ids else "", clean_line(email), keys, kept)


def _turned(name: str) -> Iterable[str]:
    """Return "Smith, Bob" as "Bob Smith", and "Bob Smith" as Canvas's "smithbob"."""
    if "," in name:
        last, _, first = name.partition(",")
        return (f"{first.strip()} {last.strip()}",)
    words = name.split()
    return (f"{words[-1]} {' '.join(words[:-1])}",) if len(words) > 1 else ()


def _keys(text: str) -> set[str]:
    """Return what a text is compared by: letters and digits alone, and the number in "Participant 123"."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    participant = re.fullmatch(r"participant\s+(\d+)", folded.strip())
    plain = re.sub(r"[\W_]+", "", folded)
    return {key for key in (plain, participant[1] if participant else "") if key}


def _first(known: dict[str, str], names: Iterable[str]) -> str:
    return next((known[name] for name in names if known.get(name)), "")
