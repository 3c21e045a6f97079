"""Copies of a student's project with a chat of ours in place of theirs: one that works, or one that is broken."""

import hashlib
import json
import re
import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path

from course.catalog.lessons import find as find_lesson
from course.catalog.mistakes import Edit, Mistake
from course.project.scratch_copy import copy_tree, files_of

HERE = Path(__file__).with_name("12_chat_tests")
LESSON = find_lesson("12_chat_tests", HERE.parents[1])
OTHER_CHAT = HERE / "other_chat"
OUR_PARTS = ("chat", "config")
OUR_SETTINGS = "config.settings"
COMMENTS = {".py": "#", ".js": "//"}
TEST_FILE = re.compile(r"test.*|.*_test\.py|conftest\.py")


@dataclass(frozen=True)
class Broken:
    """A chat that is broken: what it is, in words, and the check that asks whether the tests notice."""

    chat: str
    check: str
    edits: tuple
    slow: bool = False
    live: bool = False

    def lay_over(self, project):
        Mistake(self.check, self.chat, "", "", self.check, self.edits).apply(project)


def broken_chats():
    """Return the chats of broken.toml by their checks."""
    entries = tomllib.loads((HERE / "broken.toml").read_text(encoding="utf-8"))["broken"]
    return {entry["check"]: _broken(entry) for entry in entries}


def _broken(entry):
    edits = entry.get("edits") or [{key: entry[key] for key in ("file", "old", "new")}]
    made = tuple(Edit(**edit) for edit in edits)
    return Broken(entry["chat"], entry["check"], made, entry.get("slow", False), entry.get("live", False))


def lay_chat(folder, salt, overlay=None, broken=None):
    """Lay the lesson's chat over the folder that holds manage.py, but keep the tests that are in the way."""
    for part in OUR_PARTS:
        for path in list(files_of(folder / part)):
            if not _is_test(path.relative_to(folder / part)):
                path.unlink()
        copy_tree(LESSON.starter / part, folder / part)
    copy_tree(LESSON.solution / "config", folder / "config")
    shutil.copyfile(LESSON.starter / "manage.py", folder / "manage.py")
    if overlay:
        copy_tree(overlay, folder)
    if broken:
        broken.lay_over(folder)
    salt_files(folder, salt)


def salt_files(folder, salt):
    """Make each file another one in each run, so that none is known by its looks."""
    for path in [path for part in OUR_PARTS for path in files_of(folder / part)]:
        if sign := COMMENTS.get(path.suffix):
            with path.open("a", encoding="utf-8") as file:
                file.write(f"\n{sign} {salt.getrandbits(64):x}\n")


def has_our_chat(project):
    """Tell whether a project's chat is the lesson's, as it was handed out; its settings are the student's to edit."""
    theirs, ours = (
        {path.relative_to(top): path.read_bytes() for path in _chat_files(top)} for top in (project, LESSON.starter)
    )
    return theirs == ours


def _chat_files(top):
    if (manage := top / "manage.py").is_file():
        yield manage
    for part in OUR_PARTS:
        for path in files_of(top / part):
            if not _is_test(path.relative_to(top / part)) and path != top / "config" / "settings.py":
                yield path


def _is_test(path):
    return any(TEST_FILE.fullmatch(name) for name in path.parts)


def harm_done(note):
    """Say what happened to the database that our plugin has laid or found, and noted; nothing when it is as it was."""
    try:
        kept = json.loads(note.read_text(encoding="utf-8"))
        path, digest = Path(kept["path"]), kept["digest"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""  # it did not come to that: the tests were not run, which is told elsewhere
    if not path.is_relative_to(note.parent):
        return ""  # not the database of this copy: whoever runs beside our plugin may have written what they like
    if not path.is_file():
        return f"Your tests deleted {path.name}, the database of your site. They need one of their own."
    if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        return f"Your tests wrote to {path.name}, the database of your site. They need one of their own."
    return ""
