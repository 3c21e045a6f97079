"""How much of the machine the processes of one submission may use, all together and each by itself."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What is allowed; the first six count for all processes of a submission together."""

    memory_bytes: int = 1024 * MB
    processes: int = 256  # and threads
    cpu_s: int = 300
    copy_bytes: int = 300 * MB  # of the project, with all that it writes beside it
    files: int = 50_000  # and folders
    sockets: int = 2_000  # in its network, with the judge's own: each may hold 250 kB that no process is charged with
    scratch_bytes: int = 64 * MB  # of /tmp, and of /dev/shm, of each process that we start
    scratch_files: int = 10_000
    data_bytes: int = 768 * MB
    file_bytes: int = 64 * MB
    open_files: int = 1024
    process_cpu_s: int = 120

    @property
    def of_a_process(self) -> list[str]:
        """Return the command that starts another one with the limits that the kernel knows for one process."""
        return [
            "prlimit",
            f"--data={self.data_bytes}",
            f"--fsize={self.file_bytes}",
            f"--nofile={self.open_files}",
            f"--nproc={2 * self.processes}",  # so that whoever looks sees too many
            f"--cpu={self.process_cpu_s}",
            "--core=0",
            "--",
        ]


_WITH_CHROME = {"processes": 1024, "data_bytes": 4096 * MB, "file_bytes": 256 * MB, "open_files": 4096}
OF_A_BROWSER = Limits(memory_bytes=2048 * MB, cpu_s=600, **_WITH_CHROME)
OF_TESTS = Limits(memory_bytes=4096 * MB, cpu_s=900, **_WITH_CHROME)  # several runs at once, each with a Chrome
