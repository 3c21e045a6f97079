"""Supervises one command: `python supervisor.py COMMAND …`.

The supervisor runs the command and holds on to a pipe from its parent, its standard input. When that pipe closes,
because the parent is done, was interrupted or was killed with -9, the supervisor ends the command and everything that
the command started, daemons included, and then itself. Standard library only: it starts in about 10 ms.
"""

import os
import signal
import subprocess
import sys
import threading

# Ctrl-C, or a window that is closed, reaches the supervisor too; but its parent decides when to end.
FROM_THE_TERMINAL = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)
]
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
CAGE = "bwrap"  # no process in a cage can kill this one, which is around it
LOAD_S = 3.0  # for a program to be loaded, before it is asked to end
has_begun = threading.Event()  # the command has
let_go = threading.Event()  # the parent has


def main() -> int:
    """Run the command; return its exit code, 128 + N when signal N ended it."""
    prepare()
    begun: list[subprocess.Popen[bytes]] = []
    _follow_the_parent(begun)  # before there is a command: one that is stopped before it begins holds Popen up
    begun.append(subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, start_new_session=os.name != "nt"))
    has_begun.set()
    code = _wait_for(begun[0])
    if begun[0].returncode < 0 and CAGE in sys.argv and not let_go.is_set():
        os.kill(os.getpid(), signal.SIGKILL)  # somebody has ended the cage; an exit code the command could give as well
    return code


def prepare() -> None:
    """Make this process a supervisor: only its parent ends it, and it inherits what its command leaves behind."""
    for number in FROM_THE_TERMINAL:
        signal.signal(number, _do_nothing)  # and not SIG_IGN, which the command would inherit
    if sys.platform == "linux":  # become the new parent of every process below us that loses its own
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def keep(command: "subprocess.Popen[bytes]") -> int:
    """Wait for the command, or for the parent to let go; end what it started, and return its exit code."""
    has_begun.set()
    _follow_the_parent([command])
    return _wait_for(command)


def default_signals() -> None:
    """Let a command that is forked, and so keeps this process's handlers, be ended as any other."""
    for number in FROM_THE_TERMINAL:
        signal.signal(number, signal.SIG_DFL)


def _do_nothing(number: int, frame: object) -> None:
    pass


def _wait_for(command: "subprocess.Popen[bytes]") -> int:
    code = command.wait()
    _kill_descendants()
    return code if code >= 0 else 128 - code


def _follow_the_parent(begun: "list[subprocess.Popen[bytes]]") -> None:
    threading.Thread(target=_end_with_parent, args=(begun,), daemon=True).start()


def _end_with_parent(begun: "list[subprocess.Popen[bytes]]") -> None:
    """Wait for the parent's word: a line "term" asks the command to end, the end of the pipe kills it."""
    with open(0, "rb", buffering=0, closefd=False) as leash:  # a buffer's lock would crash Python at its exit
        for line in leash:
            if line.strip() == b"term" and has_begun.wait(LOAD_S):
                _ask_to_end(begun[0])
    let_go.set()
    while not has_begun.wait(0.01):  # what is to become the command may be there already, or in a moment
        _kill_children()
    begun[0].kill()
    if os.name != "nt":
        try:
            os.killpg(begun[0].pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass  # gone already


def _ask_to_end(command: "subprocess.Popen[bytes]") -> None:
    """Ask the command to end; one in a cage has to be asked itself, for its cage ends at once."""
    inside = command_of(command.pid)
    if inside == command.pid:
        command.terminate()
    else:
        try:
            os.kill(inside, signal.SIGTERM)
        except ProcessLookupError:
            pass  # ended by itself meanwhile


def command_below(supervisor: int) -> int:
    """Return the command of a supervisor, 0 where it has not begun: until then its process is the supervisor's copy."""
    try:
        children = _children(supervisor)
        has_begun = bool(children) and _arguments(children[0]) != _arguments(supervisor)
    except OSError:
        return 0  # it has ended, or this is no Linux
    return command_of(children[0]) if has_begun else 0


def command_of(pid: int) -> int:
    """Return the process that a command is: itself, or what runs in the cage that it has become (Linux)."""
    while _name(pid) == CAGE and (inside := _children(pid)):
        pid = inside[0]  # what it started first: the process number 1 of the cage, and below that the command
    return pid


def _name(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/comm") as file:  # noqa: PTH123 - as below
            return file.read().strip()
    except OSError:
        return ""  # it has ended, or this is no Linux


def _kill_descendants() -> None:
    """Kill what the command left behind, also processes that made themselves daemons (Linux)."""
    while children := _kill_children():
        for _ in children:
            try:
                os.wait()
            except ChildProcessError:
                break


def _kill_children() -> "list[int]":
    """Kill every child of this process, and return them (Linux)."""
    children = _children(os.getpid()) if sys.platform == "linux" else []
    for pid in children:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # ended by itself meanwhile
    return children


def _arguments(pid: int) -> bytes:
    with open(f"/proc/{pid}/cmdline", "rb") as file:  # noqa: PTH123 - as below
        return file.read()


def _children(pid: int) -> "list[int]":
    with open(f"/proc/{pid}/task/{pid}/children") as file:  # noqa: PTH123 - pathlib would double the start-up time
        return [int(child) for child in file.read().split()]


if __name__ == "__main__":
    sys.exit(main())
