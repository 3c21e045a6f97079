"""The comparison of verdicts and the mends: what was stored adds up."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from course.bench import mends, verdict
from course.bench import stored_results as storing
from course.bench.process_usage import share_of_a_core, usage_of
from course.bench.verdict_plot import WAYS, picture, said
from course.catalog.checklist import find_check
from course.catalog.lessons import find
from course.catalog.mistakes import find_mistake

STORED = storing.load(verdict)
MENDED = storing.load(mends)


def test_the_picture_says_in_words_what_it_shows() -> None:
    """The SVG is well-formed, has a description, and shows each way's median."""
    svg = ET.fromstring(picture(STORED))
    texts = [element.text or "" for element in svg.iter()]

    assert said(STORED) in texts
    for name, title in WAYS.items():
        assert title in texts
        assert f"{STORED['ways'][name]['median_s']:.2f} s" in texts


def test_the_checks_that_are_compared_exist() -> None:
    """Every way was measured in every round, and the names of the checks are those of the lesson."""
    for name in (*verdict.SAME, *verdict.WINDOWS):
        assert find_check(find(verdict.LESSON), name)
    assert {len(way["all_s"]) for way in STORED["ways"].values()} == {STORED["rounds"]}
    assert set(STORED["ways"]) == set(WAYS)


def test_the_mistakes_that_are_mended_exist() -> None:
    """Each mend was measured as often as is said, and its check is the one that the catalogue names."""
    for measured in MENDED["lessons"]:
        lesson = find(measured["lesson"])
        mistake = find_mistake(lesson, measured["mistake"])

        assert find_check(lesson, mistake.caught_by).number == measured["check"]
        assert len(measured["ticks_ms"]) == len(measured["wholes_ms"]) == measured["mends"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_a_family_is_counted() -> None:
    """A process and its child are two, with the memory and the files of both; asleep they use no core."""
    script = (
        "import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=0);"
        " print('up', flush=True); p.wait()"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        parent.stdout.readline()
        both, alone = usage_of(parent.pid), usage_of(os.getpid())
        idle = share_of_a_core(parent.pid, 0.5)
        parent.communicate(b"\n")

    assert both["processes"] == 2
    assert both["open_files"] >= 6
    assert both["memory_mb"] > 5
    assert alone["processes"] >= 3
    assert idle < 50
