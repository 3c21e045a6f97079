"""The client of a solved lesson as npm builds it: what the page shows where there is no Node."""

from __future__ import annotations

from pathlib import Path

from course.catalog.lessons import Lesson
from course.catalog.solution_parts import without_marks
from course.errors import CourseError
from course.project.scratch_copy import scratch
from course.testbed.deadlines import deadline_s
from course.testbed.processes.process import Process
from course.testbed.tools import node, node_packages

PATH = Path("client/prebuilt/main.js")  # in the lesson's starter
BUILD_UNITS = 30.0


def of_lesson(lesson: Lesson) -> str:
    """Build the client of a lesson's solution; the same packages make the same text.

    Raises CourseError when that fails, NoNode where there is nothing to build it with.
    """
    with scratch(lesson, solved=True) as folder:
        for path in (folder / name for name in lesson.edit):
            path.write_text(without_marks(path.read_text(encoding="utf-8")), encoding="utf-8")
        client = node_packages.client_of(folder)
        node_packages.provide(client, lambda line: None)
        node_packages.link(client)
        made = folder / PATH
        # The names of the packages' files stand in the text, so they must not tell where this machine keeps them.
        options = ["--preserve-symlinks", f"--outfile={made}"]
        argv = [node.need().npm, "run", "build", *node.QUIET, "--", *options]
        build = Process(argv, cwd=client, env=node.environment())
        code = build.wait(deadline_s(BUILD_UNITS))
        build.kill()
        if code != 0:
            raise CourseError(f"The client of {lesson.slug} could not be built: {build.output.strip()}")
        return made.read_text(encoding="utf-8")
