"""The entrance of the command line: runs a command, and turns what it raises into words and an exit code."""

from __future__ import annotations

import signal
import sys
import traceback
from typing import NoReturn

from rich.text import Text

from course.cli import author_commands, instructor_commands, reader_commands, student_commands
from course.cli.app import app
from course.console import err, take_any_character
from course.errors import CourseError
from course.results import OUR_FAULT

COMMANDS = (student_commands, instructor_commands, reader_commands, author_commands)  # importing them adds them to app
MISUSE = 2


def main() -> NoReturn:
    """Run the command line, and end with its exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what runs is ended as after Ctrl-C
    take_any_character()
    try:
        app(prog_name="course")
    except CourseError as error:
        for text in filter(None, (error.message, error.hint)):
            err.print(Text(text), soft_wrap=True)
        sys.exit(MISUSE)
    except Exception:  # whatever it is, it is ours, and must not look like a student's mistake
        traceback.print_exc()
        err.print("\nThe course itself has a fault; this is not your mistake. Please report the lines above.")
        sys.exit(OUR_FAULT)
    raise AssertionError("typer ends the process")
