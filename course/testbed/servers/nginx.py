"""The real nginx, as an ordinary process in a folder of its own."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from course.errors import NotStarted
from course.testbed.deadlines import deadline_s
from course.testbed.processes.process import Process, Spawn

UP_UNITS, TEST_UNITS = 10.0, 10.0
UP = "start worker process"
MAIN = """\
daemon off;
{user}worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr notice;
events {{ worker_connections 2048; }}
http {{
    types {{
        text/html html; text/css css; text/javascript js mjs; application/json json; image/svg+xml svg; image/png png;
    }}
    default_type application/octet-stream;
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/conf.d/*;
}}
"""


def fill_in(template: str, values: Mapping[str, str]) -> str:
    """Return a template with its variables filled in, as nginx's own container image does: these and no others."""
    names = "|".join(map(re.escape, values))
    return re.sub(rf"\$(?:\{{({names})\}}|({names})\b)", lambda found: values[found[1] or found[2]], template)


class Nginx:
    """nginx with a project's server blocks; its log is kept, and it ends with us."""

    def __init__(
        self,
        program: Path,
        configuration: str,
        name: str = "default.conf",
        place: Path | None = None,
        spawn: Spawn | None = None,
    ) -> None:
        """Write the configuration down; `name` is what nginx calls it when it complains.

        Its folder is made in `place`, and `spawn` starts it in another way than as a program of ours.
        """
        self._spawn = spawn
        self._program = program
        self._name = name
        self.folder = Path(tempfile.mkdtemp(prefix=f"course-{os.getpid()}-", dir=place))
        (self.folder / "conf.d").mkdir()
        (self.folder / "conf.d" / name).write_text(configuration, encoding="utf-8")
        is_root = not spawn and hasattr(os, "geteuid") and os.geteuid() == 0
        user = "user root;\n" if is_root else ""  # our folders are ours alone
        (self.folder / "nginx.conf").write_text(MAIN.format(folder=self.folder, user=user), encoding="utf-8")
        self._process: Process | None = None
        self._log_begins = 0

    def complaint(self) -> str:
        """Return what `nginx -t` finds wrong with the configuration, or an empty text."""
        asking = self._run("-t")
        asking.wait(deadline_s(TEST_UNITS))
        asking.kill()
        return "" if asking.exit_code == 0 else self._in_words(asking.output)

    def start(self) -> None:
        """Start it, and wait until it serves.

        Raises NotStarted, with what `nginx -t` says, when the configuration is wrong.
        """
        wrong = self.complaint()
        if wrong:
            raise NotStarted(f"nginx does not accept the configuration.\n{wrong}")
        self._process = self._run()
        if not self._process.wait_for(UP, deadline_s(UP_UNITS)):
            said = self._in_words(self._process.output)
            self._process.kill()
            raise NotStarted(f"nginx did not start.\n{said}")

    def close(self) -> None:
        """End it, and remove its folder."""
        if self._process:
            self._process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)  # the sweep of a later run takes what is in use

    def begin_check(self) -> None:
        """Let the log of the next check begin here."""
        self._log_begins = len(self._process.output) if self._process else 0

    @property
    def log(self) -> str:
        """What it has written to its error log since the check began."""
        return self._process.output[self._log_begins :] if self._process else ""

    @property
    def errors(self) -> list[str]:
        """The errors in the log since the check began."""
        lines = [line for line in self.log.splitlines() if re.search(r"\[(error|crit|alert|emerg)\]", line)]
        return [re.sub(r"^.*?\] \d+#\d+: (\*\d+ )?", "nginx: ", line) for line in lines[-2:]]

    @property
    def why_dead(self) -> str:
        """Why it is gone though nobody stopped it, or an empty text."""
        if self._process is None or self._process.exit_code is None:
            return ""
        return f"nginx ended in the middle, with exit code {self._process.exit_code}."

    def _run(self, *arguments: str) -> Process:
        command = [str(self._program), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), *arguments]
        return Process(command, cwd=self.folder, spawn=self._spawn)

    def _in_words(self, output: str) -> str:
        """Return nginx's complaints, with the name of the project's own file in place of our folder."""
        lines = [line for line in output.splitlines() if "[emerg]" in line or "[warn]" in line] or output.splitlines()
        text = re.sub(r"^(nginx: )?(\S+ \S+ )?(?=\[)|(?<=\] )\d+#\d+: ", "", "\n".join(lines[:3]), flags=re.MULTILINE)
        return text.replace(str(self.folder / "conf.d" / self._name), self._name)
