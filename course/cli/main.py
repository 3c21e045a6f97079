"""The entrance of the command line: runs a command, and turns what it raises into words and an exit code."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import traceback
from typing import NoReturn

from rich.text import Text

from course.cli import (
    author_commands,
    carry_command,
    instructor_commands,
    reader_commands,
    status_command,
    student_commands,
)
from course.cli.app import app
from course.console import err, take_any_character
from course.errors import CourseError, of_the_machine
from course.results import OUR_FAULT

COMMANDS = (
    student_commands,
    carry_command,
    status_command,
    instructor_commands,
    reader_commands,
    author_commands,
)  # importing them adds them to app
MISUSE = 2
LONGEST_TMPDIR = 60  # the path of a socket has at most 103 bytes on every system, and ours are two folders deep
SHORT_TMPDIR = "/tmp"


def main() -> NoReturn:
    """Run the command line, and end with its exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what runs is ended as after Ctrl-C
    take_any_character()
    try:
        need_temporary_folder()
        app(prog_name="course")
    except CourseError as error:
        _tell(error)
        sys.exit(MISUSE)
    except Exception as error:  # whatever it is, it is not a student's mistake, and must not look like one
        if refused := of_the_machine(error):
            _tell(refused)
            sys.exit(MISUSE)
        traceback.print_exc()
        err.print("\nThe course itself has a fault; this is not your mistake. Please report the lines above.")
        sys.exit(OUR_FAULT)
    raise AssertionError("typer ends the process")


def need_temporary_folder() -> None:
    """Use another folder for temporary files where the path of TMPDIR is too long for the sockets in it.

    Raises CourseError where there is none that can be used.
    """
    try:
        theirs = tempfile.gettempdir()
    except FileNotFoundError:
        raise CourseError(
            "There is no folder for temporary files that can be written to.",
            "Make one, and name it: TMPDIR=$HOME/tmp python3 course",
        ) from None
    if len(os.fsencode(theirs)) <= LONGEST_TMPDIR:
        return
    if not os.access(SHORT_TMPDIR, os.W_OK | os.X_OK):
        raise CourseError(f"The path of TMPDIR is too long: {theirs}", "Choose a shorter one: export TMPDIR=/tmp")
    tempfile.tempdir = os.environ["TMPDIR"] = SHORT_TMPDIR


def _tell(error: CourseError) -> None:
    for text in filter(None, (error.message, error.hint)):
        err.print(Text(text), soft_wrap=True)
