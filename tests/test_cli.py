"""The command line, as functions where nothing is written, and as the real process that a student starts."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from importlib import resources
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import jsonschema
import pytest
from typer.testing import CliRunner

from course.catalog.lessons import lessons
from course.cli import student_commands
from course.cli.main import app, main
from course.results import CheckResult, Failure, Report
from course.student.progress import Progress
from course.testbed.deadlines import comes_true, deadline_s
from course.testbed.processes.ports import free_port
from course.testbed.tools import node
from tests.conftest import Clone, started

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX processes and terminals")
STARTER = Failure("The tea is cold.")


def result(status: str, **facts: object) -> CheckResult:
    return CheckResult("test_x", "It works.", ("One.", "Two.", "Three."), status, **facts)  # type: ignore[arg-type]


def report(*checks: CheckResult, **facts: object) -> Report:
    return Report("02_sync_echo", "Echo", "lessons/02_sync_echo", 1, checks, **facts)  # type: ignore[arg-type]


@pytest.fixture
def progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the progress of this test in a file of its own."""
    file = tmp_path / "progress.toml"
    monkeypatch.setattr("course.student.progress.FILE", file)
    monkeypatch.setattr("course.student.last_report.FOLDER", tmp_path / "reports")
    monkeypatch.chdir(tmp_path)
    return file


@pytest.fixture
def found(progress: Path, monkeypatch: pytest.MonkeyPatch):
    """Let the checks find what a test says, without running any."""

    def set_report(value: Report) -> Path:
        monkeypatch.setattr("course.judging.session.run_checks", lambda lesson, **options: value)
        return progress

    return set_report


def invoke(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    return done.exit_code, done.output


# As functions.


@pytest.mark.usefixtures("progress")
def test_the_bare_command_shows_the_map() -> None:
    """Every lesson stands on the map, with its minutes, the first one to do marked, and the next command."""
    code, told = invoke()
    known = lessons()

    assert code == 0
    assert [lesson.title for lesson in known if lesson.title not in told] == []
    assert re.search(rf"→ +{known[0].number}  ", told)
    assert f"Open lessons/{known[0].slug}" in told
    assert "python3 course watch" in told


def test_the_map_tells_what_is_passed_and_broken(progress: Path) -> None:
    """Passed and broken lessons say so in words, and the broken one is the next to do."""
    progress.write_text('[01_asgi_setup]\npassed_on = "2026-01-01"\n\n[02_sync_echo]\npassed_on = "x"\nbroken = true\n')

    told = invoke()[1]

    assert re.search(r"✓ 01 .* passed$", told, re.MULTILINE)
    assert re.search(r"→ ✗ 02 .* broken$", told, re.MULTILINE)


def test_the_list_as_json(progress: Path) -> None:
    """`list --json` holds every lesson with what a tool may want of it."""
    progress.write_text('[02_sync_echo]\npassed_on = "2026-01-01"\n')

    rows = json.loads(invoke("list", "--json")[1])

    assert [row["slug"] for row in rows] == [lesson.slug for lesson in lessons()]
    assert rows[1]["state"] == "passed"
    assert rows[1]["number"] == "02"
    assert set(rows[0]) == {"slug", "number", "title", "summary", "minutes", "continues", "needs", "edit", "state"}


@pytest.mark.usefixtures("progress")
def test_the_list_is_one_line_a_lesson() -> None:
    """No line of the list is broken in two, however long its title is."""
    assert len(invoke("list")[1].splitlines()) == len(lessons())


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (report(result("passed")), 0),
        (report(result("failed", failure=STARTER)), 1),
        (report(result("skipped", reason="no browser")), 1),
        (report(result("error", reason="KeyError")), 3),
        (report(course_error="boom"), 3),
    ],
)
def test_the_exit_code_of_check(found, value: Report, code: int) -> None:
    """0 all pass, 1 one failed or was skipped, 3 the course's own fault."""
    found(value)

    assert invoke("check", "02")[0] == code


def test_a_pass_is_written_down_and_leads_on(found) -> None:
    """A passed lesson is kept with its day, and the next one is named."""
    file = found(report(result("passed")))

    told = invoke("check", "02")[1]

    assert Progress(file).of("02_sync_echo").passed_on
    assert "Next: 03" in told


@pytest.mark.parametrize(
    "value",
    [
        report(result("skipped", reason="no browser")),
        report(result("error", reason="KeyError")),
        report(result("failed", failure=STARTER), result("error", reason="KeyError")),
        report(course_error="boom"),
    ],
)
def test_what_says_nothing_about_the_work_breaks_no_pass(found, value: Report) -> None:
    """A missing browser and a fault of the course leave a passed lesson passed."""
    file = found(value)
    file.write_text('[02_sync_echo]\npassed_on = "2026-01-01"\n')
    invoke("check", "02")

    assert not Progress(file).of("02_sync_echo").broken


def test_a_failure_after_a_pass_is_written_down(found) -> None:
    """A lesson that passed and fails now is broken."""
    file = found(report(result("failed", failure=STARTER)))
    file.write_text('[02_sync_echo]\npassed_on = "2026-01-01"\n')
    invoke("check", "02")

    assert Progress(file).of("02_sync_echo").broken


@pytest.mark.parametrize("option", [["--solution"], ["--project", "."], ["--only", "test_the_handshake_is_accepted"]])
def test_only_the_students_own_work_is_written_down(found, option: list[str]) -> None:
    """The solution, another project and a single check are no progress."""
    file = found(report(result("passed")))
    invoke("check", "02", *option)

    assert not file.exists()


def test_the_hint_goes_one_further_each_time(found) -> None:
    """Each call tells the hints up to now and one more, and the last says that it is."""
    found(report(result("failed", failure=STARTER)))

    told = [invoke("hint", "02")[1] for _ in range(4)]

    assert [text.count("Hint ") for text in told] == [1, 2, 3, 3]
    assert ["last hint" in text for text in told] == [False, False, True, True]
    assert "Hint 1 of 3: One." in told[0]


def test_a_hint_checks_nothing_while_the_files_are_as_they_were(found, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a check, and after the first hint, a hint tells of the report that was shown."""
    found(report(result("failed", failure=STARTER)))
    invoke("check", "02")
    monkeypatch.setattr("course.judging.session.run_checks", None)  # whoever calls it fails

    assert ["Hint 1 of 3" in invoke("hint", "02")[1], "Hint 2 of 3" in invoke("hint", "02")[1]] == [True, True]


def test_a_hint_is_about_the_check_on_the_screen(found, monkeypatch: pytest.MonkeyPatch) -> None:
    """A single check that failed is the one that a hint tells of; one that passed says nothing of the others."""
    found(report(result("failed", failure=STARTER)))
    invoke("check", "02", "--only", "test_the_handshake_is_accepted")
    found(report(result("passed")))
    invoke("check", "02", "--only", "test_the_handshake_is_accepted")

    assert "Hint 1 of 3" in invoke("hint", "02")[1]


@pytest.mark.usefixtures("progress")
def test_a_long_hint_keeps_its_indentation(found) -> None:
    """Each line of a hint that wraps begins where its first one does."""
    found(report(CheckResult("test_x", "It works.", ("Look there, and further. " * 20,), "failed", failure=STARTER)))

    lines = invoke("hint", "02")[1].splitlines()
    hint = lines[next(number for number, line in enumerate(lines) if "Hint 1" in line) :]

    assert len([line for line in hint if "further" in line]) > 3
    assert [line for line in hint if "further" in line and not re.match(r"  \S", line)] == []


def test_watch_names_the_lesson_that_it_begins_with(found) -> None:
    """`watch 09` begins with 09, and the next start stays there; a map that is shown does not say to start it."""
    found(report(result("failed", failure=STARTER)))
    named = invoke("watch", "09")[1]
    again = invoke("watch")[1]

    assert ["09 · Rooms" in told for told in (named, again)] == [True, True]
    assert "→   09" in again
    assert "Then: python3 course watch" not in again


@pytest.mark.parametrize(
    ("value", "code", "said"),
    [
        (report(result("passed")), 0, "nothing to hint at"),
        (report(course_error="boom"), 3, "not your mistake"),
        (report(result("error", reason="KeyError")), 3, "not your mistake"),
    ],
)
def test_there_is_no_hint_for_what_is_no_failure(found, value: Report, code: int, said: str) -> None:
    """A pass needs no hint, and a fault of the course is told as such."""
    found(value)

    assert invoke("hint", "02")[0] == code
    assert said in invoke("hint", "02")[1]


def ends_with(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    """Call `main` as a process would, and return the exit code."""
    handler = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(sys, "argv", ["course", *arguments])
    try:
        with pytest.raises(SystemExit) as ended:
            main()
    finally:
        signal.signal(signal.SIGTERM, handler)
    return ended.value.code


@pytest.mark.usefixtures("progress")
def test_an_unexpected_exception_is_our_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bug of the course ends with 3, its traceback, and the word that it is not the student's mistake."""
    monkeypatch.setattr(student_commands, "show_map", lambda: {}["tea"])

    code = ends_with(monkeypatch)

    told = capsys.readouterr().err
    assert code == 3
    assert "KeyError: 'tea'" in told
    assert "not your mistake" in told


@pytest.mark.usefixtures("progress")
@pytest.mark.parametrize("command", ["check", "hint", "reset", "solution", "run", "verify"])
def test_an_unknown_lesson_gets_the_nearest_names(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """Every command that takes a lesson answers a wrong name with the right ones, and exit code 2."""
    code = ends_with(monkeypatch, command, "snyc_echo")

    told = capsys.readouterr().err
    assert code == 2
    assert "There is no lesson 'snyc_echo'." in told
    assert "Did you mean 02_sync_echo" in told


@pytest.mark.usefixtures("progress")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["chekc"], "No such command"),
        (["check", "--no-such-option"], "No such option"),
        (["check", "02", "--project", "/nowhere/at/all"], "/nowhere/at/all is not a folder."),
        (["check", "02", "--only", "test_nothing"], "has no check 'test_nothing'"),
        (["check", "02", "--mistake", "nothing"], "has no mistake 'nothing'"),
        (["run", "02", "--port", "99999"], "Invalid value for '--port'"),
        (["solution", "02"], "You have not passed lesson 02 yet."),
    ],
)
def test_misuse_ends_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    """What the person at the keyboard can put right ends with 2 and says what it is."""
    code = ends_with(monkeypatch, *arguments)

    assert code == 2
    assert told in capsys.readouterr().err


@pytest.mark.usefixtures("progress")
def test_the_solution_before_a_pass_names_the_next_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The refusal offers a hint first, and how to see it all the same."""
    ends_with(monkeypatch, "solution", "02")

    told = capsys.readouterr()
    assert "python3 course hint 02" in told.err
    assert "python3 course solution 02 --anyway" in told.err
    assert "websocket.accept" not in told.out


@pytest.mark.parametrize("arguments", [["--anyway"], []])
def test_the_solution_is_shown_after_a_pass_or_anyway(progress: Path, arguments: list[str]) -> None:
    """Each file that the lesson asks to edit is shown, without the marks of the docs."""
    if not arguments:
        progress.write_text('[02_sync_echo]\npassed_on = "2026-01-01"\n')

    code, told = invoke("solution", "02", *arguments)

    assert code == 0
    assert "websocket.accept" in told
    assert "echo/routing.py" in told
    assert "--8<--" not in told


def test_a_broken_progress_file_is_told(
    progress: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A progress file that can't be read is the next thing to mend, not a traceback."""
    progress.write_text("[[[")

    assert ends_with(monkeypatch) == 2
    assert "move it away" in capsys.readouterr().err
    assert progress.read_text() == "[[["


def test_every_command_has_a_help() -> None:
    """Every command explains itself in a sentence."""
    for command in app.registered_commands:
        name = command.name or command.callback.__name__  # type: ignore[union-attr]
        code, told = invoke(name, "--help")
        assert code == 0
        assert re.search(r"\n +[A-Z].*\.", told), name


# As real processes.


def test_the_solution_passes(shared_clone: Clone) -> None:
    """`check 02 --solution` ends with 0 and a line for each check, each beginning with its status as a word."""
    outcome = shared_clone.run("check", "02", "--solution")

    lines = [line for line in outcome.output.splitlines() if line.startswith("passed")]
    assert outcome.code == 0
    assert outcome.errors == ""
    assert len(lines) == 7
    assert "solutions/02_sync_echo" in outcome.output
    assert not shared_clone.progress.exists()


def test_the_starter_fails_with_a_story_and_reports(clone: Clone, tmp_path: Path) -> None:
    """`check 02` ends with 1, tells the first failure and the next command, and writes valid JSON and JUnit."""
    outcome = clone.run("check", "02", "--json", f"{tmp_path}/r.json", "--junit", f"{tmp_path}/r.xml", "--plain")
    document = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    schema = json.loads(resources.files("course.reports").joinpath("report.schema.json").read_text(encoding="utf-8"))
    suite = ET.parse(tmp_path / "r.xml").getroot()[0]

    assert outcome.code == 1
    assert "On the wire" in outcome.output
    assert "For a hint: python3 course hint 02" in outcome.output
    assert "\x1b" not in outcome.output
    jsonschema.validate(document, schema)
    assert document["reports"][0]["points"] == 1
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("7", "6", "0")


def test_a_report_that_cannot_be_written_is_misuse(shared_clone: Clone) -> None:
    """A path where no file can be is told, with exit code 2."""
    outcome = shared_clone.run(
        "check", "02", "--solution", "--only", "test_it_is_a_sync_consumer", "--json", "/nowhere/at/all/r.json"
    )

    assert outcome.code == 2
    assert "The report can't be written to /nowhere/at/all/r.json: No such file or directory." in outcome.errors


def test_the_lesson_is_that_of_the_folder_we_are_in(clone: Clone) -> None:
    """Inside a lesson's folder, `check` needs no name; a module there does not get in the way."""
    clone.solve()
    folder = clone.lesson().starter / "echo"
    for name in ("typing.py", "course.py", "rich.py", "pytest.py"):
        (folder / name).write_text("raise SystemExit('the wrong module')\n")

    outcome = clone.run("check", cwd=folder)

    assert outcome.code == 0
    assert "lessons/02_sync_echo" in outcome.output
    assert "02_sync_echo" in clone.progress.read_text()


def test_reset_and_solution_apply_say_where_the_copy_is(clone: Clone) -> None:
    """Both keep the student's files in a place that they name, and change the lesson."""
    clone.commit()
    mine = clone.lesson().starter / "echo/consumers.py"
    mine.write_text("mine = 1\n")

    applied = clone.run("solution", "02", "--apply", "--anyway")
    after_apply = mine.read_text()
    reset = clone.run("reset", "02")

    copies = [clone.root / re.findall(r"\.course/copies/\S+(?=\.)", told.output)[0] for told in (applied, reset)]
    assert (applied.code, reset.code) == (0, 0)
    assert "StopConsumer" in after_apply
    assert "TODO" in mine.read_text()
    assert [(copy / "echo/consumers.py").read_text() for copy in copies] == ["mine = 1\n", after_apply]


def test_watch_outside_a_terminal_checks_once_and_says_so(clone: Clone) -> None:
    """Without a terminal, `watch` ends."""
    outcome = clone.run("watch", "--plain")

    assert "This is not a terminal, so the lesson was checked once." in outcome.output


def test_doctor_tells_what_is_there(shared_clone: Clone) -> None:
    """Every line of `doctor` is a finding or its remedy, and a dead REDIS_URL is found."""
    outcome = shared_clone.run("doctor", REDIS_URL="redis://127.0.0.1:1")

    assert outcome.code == 0
    assert "✓ Python" in outcome.output
    assert "✗ Redis" in outcome.output
    assert re.search(r"[✓✗] Node +\S", outcome.output)
    assert "unset REDIS_URL" in outcome.output
    assert re.search(r"File watching +a save is heard", outcome.output)


@posix
def test_no_color_is_honoured_on_a_terminal(shared_clone: Clone) -> None:
    """On a terminal there is colour, and with NO_COLOR none."""
    with_color, without = on_terminal(shared_clone, {}), on_terminal(shared_clone, {"NO_COLOR": "1"})
    color = re.compile(r"\x1b\[[\d;]*3[1-7]m")

    assert "✓" in with_color
    assert "✓" in without
    assert color.search(with_color)
    assert not color.search(without)


def on_terminal(clone: Clone, env: dict[str, str]) -> str:
    """Run a check on a terminal of 100 columns, and return what was written there."""
    import pty

    leader, follower = pty.openpty()
    command = [*clone.command, "check", "02", "--solution", "--only", "test_it_is_a_sync_consumer"]
    env = {"COLUMNS": "100", "TERM": "xterm", **env}
    with started(command, stdin=follower, stdout=follower, stderr=follower, env=env) as process:
        os.close(follower)
        told = b""
        while chunk := read(leader):
            told += chunk
        process.wait(deadline_s(30))
    os.close(leader)
    return told.decode()


def read(fd: int) -> bytes:
    try:
        return os.read(fd, 65536)
    except OSError:  # the last process on the terminal has ended
        return b""


def test_an_output_that_knows_no_symbols_is_no_crash(shared_clone: Clone) -> None:
    """A terminal or pipe in Latin-1 gets a ? where it can't show a symbol."""
    outcome = shared_clone.run(
        "check", "02", "--solution", "--only", "test_it_is_a_sync_consumer", PYTHONIOENCODING="latin-1"
    )

    assert outcome.code == 0
    assert outcome.errors == ""


@posix
def test_a_reader_that_goes_away_changes_no_verdict(shared_clone: Clone) -> None:
    """`course check … | head -1` is no fault of the course: no traceback, and the exit code of the checks."""
    command = [*shared_clone.command, "check", "02", "--solution"]
    with started(command) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
        code = process.wait(deadline_s(30))

    assert errors == b""
    assert code == 0


@posix
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 130)])
def test_an_interrupt_ends_with_130_and_leaves_nothing(
    shared_clone: Clone, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    """Ctrl-C in the middle of a check ends it with 130; no process and no scratch folder is left."""
    hangs = tmp_path / "project"
    subprocess.run(["cp", "-r", str(shared_clone.lesson().starter), str(hangs)], check=True)
    (hangs / "echo/consumers.py").write_text("import time\nprint('it hangs', flush=True)\ntime.sleep(3600)\n")
    scratch = tmp_path / "temporary"
    scratch.mkdir()
    env = {"TMPDIR": str(scratch), "PYTHONUNBUFFERED": "1"}
    command = [*shared_clone.command, "check", "02", "--project", str(hangs)]
    with started(command, env=env, start_new_session=True) as process:
        until_it_serves(scratch)
        os.killpg(process.pid, number)
        ended = process.wait(deadline_s(15))

    assert ended == code
    assert list(scratch.iterdir()) == []
    assert in_folder(scratch) == []


def until_it_serves(scratch: Path) -> None:
    """Wait until a process runs in the scratch folder (its working folder is there)."""
    until = time.monotonic() + deadline_s(15)
    while not in_folder(scratch) and time.monotonic() < until:
        time.sleep(0.02)  # a process that starts tells nobody
    assert in_folder(scratch)


def in_folder(folder: Path) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder) in str((process / "cwd").readlink()):
                found.append(process.name)
        except OSError:
            pass  # ended meanwhile, or another user's
    return found


@posix
def test_run_serves_the_lesson_until_it_is_interrupted(shared_clone: Clone) -> None:
    """`run` tells its address once it answers there, shows the server's lines, and ends with everything on Ctrl-C."""
    port = free_port()
    command = [*shared_clone.command, "run", "02", "--solution", "--port", str(port)]
    with started(command) as process:
        assert process.stdout
        told = ""
        while f"02_sync_echo at http://127.0.0.1:{port}/" not in told:
            line = process.stdout.readline().decode()
            assert line, told
            told += line
        with urlopen(f"http://127.0.0.1:{port}/") as answer:  # at once
            page = answer.read().decode()
        process.send_signal(signal.SIGINT)
        code = process.wait(deadline_s(15))
        told += process.stdout.read().decode()

    assert "echoes" in page
    assert code == 0
    assert re.search(r"web    │ .*Starting ASGI/Daphne", told)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port))


@posix
@pytest.mark.skipif(node.find() is None, reason="there is no Node")
def test_run_builds_the_client_at_each_save(clone: Clone) -> None:
    """`run 16` gets the packages where an editor looks for them, builds, and builds anew when a file is saved."""
    port = free_port()
    client = clone.root / "lessons" / "16_rxjs_client" / "client"
    with started([*clone.command, "run", "16", "--port", str(port)]) as process:
        assert comes_true((client / "dist" / "main.js").is_file, 30)
        until_it_answers(port)
        main = client / "src" / "main.ts"
        main.write_text(main.read_text() + 'document.title = "saved";\n')
        assert comes_true(lambda: 'document.title = "saved"' in (client / "dist" / "main.js").read_text(), 10)
        process.send_signal(signal.SIGINT)
        code = process.wait(deadline_s(15))
        told = process.stdout.read().decode() if process.stdout else ""

    assert code == 0
    assert "build  │ npm gets the client's packages" in told
    assert re.search(r"build  │ .*build finished", told)
    assert (client / "node_modules" / "rxjs").is_dir()


def until_it_answers(port: int) -> str:
    until = time.monotonic() + deadline_s(20)
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/") as answer:
                return str(answer.read().decode())
        except URLError:
            assert time.monotonic() < until
            time.sleep(0.02)  # neither Django nor Daphne says when the port is open


def test_a_port_that_is_taken_is_misuse(shared_clone: Clone) -> None:
    """`run` on a taken port says so, and offers another."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        outcome = shared_clone.run("run", "02", "--port", str(port))

    assert outcome.code == 2
    assert f"Port {port} is in use." in outcome.errors
    assert f"--port {port + 1}" in outcome.errors


def test_verify_finds_a_mistake_that_nobody_catches(clone: Clone) -> None:
    """`verify` ends with 1 and names a mistake that its check lets through, and a check that no mistake proves."""
    catalogue = clone.lesson().checks / "mistakes.toml"
    catalogue.write_text(
        '[[mistake]]\nname = "harmless"\nsymptom = "s"\ncause = "c"\nfix = "f"\nfile = "echo/consumers.py"\n'
        'old = "# A frame"\nnew = "# The frame"\ncaught_by = "test_it_is_a_sync_consumer"\n'
    )

    outcome = clone.run("verify", "02")

    assert outcome.code == 1
    assert "mistake harmless: test_it_is_a_sync_consumer does not catch it" in outcome.output
    assert "no mistake proves these checks: test_a_binary_frame_comes_back_as_binary" in outcome.output
    assert "2 of 4 runs as they should be" in outcome.output


def test_several_lessons_in_one_go(clone: Clone, tmp_path: Path) -> None:
    """`check --all --solution` checks every lesson in one process, and the report holds them all."""
    for lesson in lessons(clone.root)[2:]:
        for tree in ("lessons", "solutions", "checks"):
            shutil.rmtree(clone.root / tree / lesson.slug, ignore_errors=True)

    outcome = clone.run("check", "--all", "--solution", "--json", f"{tmp_path}/r.json")
    document = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))

    assert outcome.code == 0
    assert "2 of 2 lessons pass." in outcome.output
    assert [found["lesson"] for found in document["reports"]] == ["01_asgi_setup", "02_sync_echo"]
