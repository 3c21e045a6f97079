"""MkDocs as the course serves it: with the student's progress at `progress.json`, read at each request.

Started as `python -m course.docs.mkdocs_entry …`, with the arguments of MkDocs. The site itself holds no progress: what
a build writes is the same for all, and nothing of a student's is in it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from mkdocs import livereload
from mkdocs.__main__ import cli
from pymdownx.snippets import SnippetMissingError

from course.errors import CourseError
from course.student.progress import Progress
from course.student.status import as_data

NAME = "/progress.json"


class ServerWithProgress(livereload.LiveReloadServer):
    """Answers one more path than the files of the site."""

    def serve_request(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer with the progress, or a file."""
        if not environ["PATH_INFO"].endswith(NAME):
            answer: Iterable[bytes] = super().serve_request(environ, start_response)
            return answer
        try:
            told = as_data(Progress())
        except CourseError as error:
            told = {"summary": "", "trouble": f"{error.message} {error.hint}", "lessons": []}
        start_response("200 OK", [("Content-Type", "application/json"), ("Cache-Control", "no-store")])
        return [json.dumps(told).encode()]


if __name__ == "__main__":
    livereload.LiveReloadServer = ServerWithProgress  # type: ignore[misc] # where `mkdocs serve` looks it up
    try:
        cli(prog_name="mkdocs")
    except SnippetMissingError as error:  # MkDocs has said on which page
        sys.exit(f"{error}. If it is a generated one, make it: python3 course docs --refresh")
