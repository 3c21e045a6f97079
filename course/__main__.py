"""`python3 course …`: sets the course up at its first start, then hands over to the command line.

Standard library only, and written for old Pythons too, so that they can be told what is missing.
"""

import os
import sys

# What somebody sets for programs of their own would change ours; a module there could take the place of one of ours.
KEPT = ("PYTHONHASHSEED", "PYTHONIOENCODING", "PYTHONPYCACHEPREFIX", "PYTHONUNBUFFERED", "PYTHONUTF8")
THEIRS = [name for name in os.environ if name.startswith("PYTHON") and name not in KEPT]
FOLDERS = [os.path.dirname(os.path.abspath(__file__))]
FOLDERS += [os.path.abspath(p) for p in os.environ.get("PYTHONPATH", "").split(os.pathsep) if p]
sys.path[:] = [p for p in sys.path if os.path.abspath(p or ".") not in FOLDERS]

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OLDEST = (3, 11)


def main():
    # type: () -> None
    """Make sure that the environment is there, then run the command line in it."""
    if sys.version_info < OLDEST:
        sys.exit(
            "This course needs Python 3.11 or newer; this is %d.%d.\nTry: python3.12 course" % sys.version_info[:2]
        )
    if not __package__:
        sys.path.insert(0, ROOT)
    from course import setup

    # Among them PYTHONDONTWRITEBYTECODE: packages are compiled when they are first used, or else again at each start.
    for name in THEIRS:
        os.environ.pop(name, None)
    sys.dont_write_bytecode = False
    asked = sys.argv[1:]
    authors = asked[:1] in (["bench"], ["test"]) or any(w.startswith(("--mutants", "--refresh")) for w in asked)
    python = setup.environment(authors=authors)
    if os.path.samefile(sys.prefix, setup.VENV) and __package__ and not THEIRS:
        from course.cli.main import main as cli

        cli()
    hand_over([python, "-P", "-m", "course"] + sys.argv[1:])


def hand_over(command):
    # type: (list[str]) -> None
    """Become `command`; on Windows, where a program can't, wait for it."""
    if os.name != "nt":
        os.execv(command[0], command)
    import subprocess

    sys.exit(subprocess.call(command))


if __name__ == "__main__":
    for fd in range(3):  # one that is closed would be given to the next file that is opened, and that be printed into
        try:
            os.fstat(fd)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
