"""Where a Django project keeps its things is read without running it."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.errors import NotStarted
from course.project.entry_points import Project, read_project

MANAGE = 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n'
SETTINGS = 'ASGI_APPLICATION = "shop.asgi.application"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, {"manage.py": MANAGE, "shop/settings.py": SETTINGS})
    return tmp_path


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def test_settings_and_application_are_read(folder: Path) -> None:
    """The settings come from manage.py, the application from the settings, as Daphne takes it."""
    assert read_project(folder) == Project(folder, "shop.settings", "shop.asgi:application")


@pytest.mark.parametrize(
    "line",
    [
        'os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"',
        "environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')",
        'def main():\n    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")',
    ],
)
def test_settings_are_found_however_they_are_set(folder: Path, line: str) -> None:
    """An assignment, setdefault under any name, and one inside a function all count."""
    write(folder, {"manage.py": f"{line}\n"})

    assert read_project(folder).settings == "shop.settings"


def test_the_only_subfolder_with_a_manage_py_is_the_project(tmp_path: Path) -> None:
    """A submission that was zipped with its outer folder is found."""
    write(tmp_path, {"src/manage.py": MANAGE, "src/shop/settings.py": SETTINGS, "README.md": ""})

    assert read_project(tmp_path).folder == tmp_path / "src"


def test_settings_may_be_a_package(tmp_path: Path) -> None:
    """settings/__init__.py is read like settings.py."""
    write(tmp_path, {"manage.py": MANAGE, "shop/settings/__init__.py": SETTINGS})

    assert read_project(tmp_path).application == "shop.asgi:application"


@pytest.mark.parametrize(
    "settings",
    [
        "",
        "from .base import *\n",
        "ASGI_APPLICATION = name + '.asgi.application'\n",
        'import os\n\nASGI_APPLICATION: str = os.environ["APP"]\n',
        'if DEBUG:\n    ASGI_APPLICATION = "a.asgi.application"\nelse:\n    ASGI_APPLICATION = "b.asgi.application"\n',
        'ASGI_APPLICATION = "a.asgi.application"\nASGI_APPLICATION = find()\n',
        'ASGI_APPLICATION = "application"\n',
        "ASGI_APPLICATION = None\n",
        "ASGI_APPLICATION = \n",
    ],
)
def test_an_application_that_is_no_plain_text_is_left_to_django(folder: Path, settings: str) -> None:
    """Where only running the settings could tell, nothing is guessed."""
    write(folder, {"shop/settings.py": settings})

    assert read_project(folder).application == ""


def test_settings_with_a_type_are_read(folder: Path) -> None:
    """An annotated assignment is an assignment."""
    write(folder, {"shop/settings.py": 'ASGI_APPLICATION: str = "shop.asgi.application"\n'})

    assert read_project(folder).application == "shop.asgi:application"


def test_no_manage_py_is_told(tmp_path: Path) -> None:
    """A folder without a project says so."""
    with pytest.raises(NotStarted, match=r"There is no manage\.py"):
        read_project(tmp_path)


def test_several_projects_are_told(tmp_path: Path) -> None:
    """Two projects side by side are named, and one is asked for."""
    write(tmp_path, {"a/manage.py": MANAGE, "b/manage.py": MANAGE})

    with pytest.raises(NotStarted) as caught:
        read_project(tmp_path)

    assert "a/manage.py, b/manage.py" in caught.value.message


def test_a_manage_py_without_settings_is_told(folder: Path) -> None:
    """A manage.py that names no settings says so."""
    write(folder, {"manage.py": "print('tea')\n"})

    with pytest.raises(NotStarted, match="does not set DJANGO_SETTINGS_MODULE"):
        read_project(folder)


def test_a_syntax_error_in_manage_py_is_told_with_its_line(folder: Path) -> None:
    """File, line and Python's own words are in the message."""
    write(folder, {"manage.py": "import os\ndef main(\n"})

    with pytest.raises(NotStarted) as caught:
        read_project(folder)

    assert 'File "manage.py", line 2' in caught.value.message
    assert "SyntaxError: '(' was never closed" in caught.value.message


@pytest.mark.parametrize(
    "text", ["x = " + "-" * 200_000 + "1\n", "(" * 300 + "\n", "\x00\n", "x = 1\n" * 400_000, "a" + ".b" * 900]
)
def test_source_that_breaks_a_parser_is_the_projects_fault(folder: Path, text: str) -> None:
    """Code that is too deep, too long or no text at all is a project that does not start, and no fault of ours."""
    write(folder, {"manage.py": text})

    with pytest.raises(NotStarted):
        read_project(folder)
