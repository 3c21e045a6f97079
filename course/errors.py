"""Expected trouble.

CourseError        something the person at the keyboard can put right (exit code 2)
└── LessonNotFound   no lesson goes by that name
Unmet              the project under check did not do what its contract says
└── NotStarted       the project's server could not be started at all
NotRun             a check was not tried, because what it builds on has failed

Anything else that reaches the top is our own fault (exit code 3).
"""


class CourseError(Exception):
    """A fact about what is wrong, and the next thing to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep the fact and the next step."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class LessonNotFound(CourseError):
    """No lesson goes by the name that was given."""


class Unmet(AssertionError):
    """An expectation of a check that the project did not meet, in the student's words."""

    def __init__(self, message: str, *, expected: str = "", got: str = "") -> None:
        """Keep what the story tells."""
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.got = got


class NotStarted(Unmet):
    """The project's server did not come up; `message` holds the reason with file and line."""


class NotRun(Exception):
    """A check was not tried, because another one that it builds on has failed; the text says which."""
