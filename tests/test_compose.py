"""The containers of lesson 17, as far as they can be proved without a container engine."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from course.catalog.lessons import ROOT, find
from course.testbed.servers.nginx import Nginx, fill_in
from course.testbed.tools import nginx_install as nginx

LESSON = find("17")
SCHEMA = ROOT / "tests" / "schemas" / "compose-spec.json"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ON_DUTY = [name for name, service in SERVICES.items() if "profiles" not in service and name != "prepare"]
TEMPLATE = "deploy/nginx.conf.template"
REQUIREMENTS = LESSON.starter / "deploy" / "requirements.txt"


def test_the_compose_file_is_valid() -> None:
    """It keeps the schema of the Compose specification."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))

    assert [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(COMPOSE)] == []


def test_the_schema_is_not_an_empty_one() -> None:
    """A compose file with a service that is none is found out."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    wrong = COMPOSE | {"services": {"web": {"image": "nginx", "healthchek": {}}}}

    assert list(jsonschema.Draft202012Validator(schema).iter_errors(wrong))


def test_the_site_is_whole() -> None:
    """Redis, two Daphnes, a worker and nginx are on duty; the Redis for one's desk starts only when it is named."""
    assert ON_DUTY == ["store", "daphne-1", "daphne-2", "worker", "nginx"]
    assert [name for name, service in SERVICES.items() if "profiles" in service] == ["redis"]
    assert SERVICES["redis"]["ports"] == ["127.0.0.1:6379:6379"]


@pytest.mark.parametrize("name", ON_DUTY)
def test_who_is_on_duty_is_looked_after(name: str) -> None:
    """Each has a health check, and is started again when it ends."""
    service = SERVICES[name]

    assert service["healthcheck"]["test"]
    assert service["restart"] == "unless-stopped"


def test_one_service_builds_our_image() -> None:
    """Several at once would write the same image; who has it from there neither builds nor pulls it, and waits."""
    ours = {name: service for name, service in SERVICES.items() if service["image"] == COMPOSE["x-ours"]["image"]}
    users = [service for service in ours.values() if "build" not in service]

    assert [name for name in ours if "build" in ours[name]] == ["prepare"]
    assert [service["pull_policy"] for service in users] == ["never"] * 3
    assert {service["depends_on"]["prepare"]["condition"] for service in users} == {"service_completed_successfully"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_pinned(name: str) -> None:
    """An image that is not ours has a version with three numbers."""
    image = SERVICES[name]["image"]

    assert is_ours(name) or re.search(r":\d+\.\d+\.\d+-[a-z]", image)
    assert re.search(r"^FROM python:\d+\.\d+\.\d+-slim-\w+$", dockerfile(), re.MULTILINE)


@pytest.mark.parametrize("name", SERVICES)
def test_nobody_is_root(name: str) -> None:
    """Each container runs as a user without rights."""
    service = SERVICES[name]
    by_image = "unprivileged" in service["image"] or (is_ours(name) and "\nUSER site" in dockerfile())

    assert by_image or service["user"] == "redis"


def test_what_lasts_is_in_named_volumes() -> None:
    """Database, queue, static files and certificate outlive their containers."""
    mounted = {mount.partition(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])}

    assert set(COMPOSE["volumes"]) == {"data", "static", "store", "tls"}
    assert set(COMPOSE["volumes"]) <= mounted


def test_no_secret_has_a_default() -> None:
    """The key and the names are handed on, and not even set to nothing where nobody says them."""
    told = COMPOSE["x-ours"]["environment"]

    assert told["DJANGO_SECRET_KEY"] is None
    assert told["DJANGO_ALLOWED_HOSTS"] is None
    assert "DJANGO_DEBUG" not in told


def test_nginx_finds_each_daphne() -> None:
    """The addresses that nginx is told are those of the two Daphnes."""
    told = SERVICES["nginx"]["environment"]
    own = [SERVICES[name]["networks"]["site"]["ipv4_address"] for name in ("daphne-1", "daphne-2")]

    assert [told["DAPHNE_1"], told["DAPHNE_2"]] == [f"{address}:8000" for address in own]


def test_what_is_mounted_and_copied_is_there() -> None:
    """The files that compose file and Dockerfile name exist."""
    mounted = [m.partition(":")[0] for m in SERVICES["nginx"]["volumes"] if m.startswith("./")]
    copied = re.findall(r"^COPY (\S+) ", dockerfile(), re.MULTILINE)

    assert [path for path in mounted + copied if not (ROOT / path).exists()] == []
    assert mounted == [f"./lessons/{LESSON.slug}/{TEMPLATE}"]


@pytest.mark.parametrize("folder", [LESSON.starter, LESSON.solution], ids=["starter", "solution"])
def test_nginx_takes_the_containers_configuration(folder: Path, tmp_path: Path) -> None:
    """Filled in as the container does it, with a certificate of our script, the real nginx takes the template."""
    program = nginx.find()
    if program is None:
        pytest.skip("There is no nginx here.")
    make_certificate(tmp_path)
    values = SERVICES["nginx"]["environment"]
    here = {key: value.replace("/srv/tls", str(tmp_path)) for key, value in values.items()}
    here["HTTPS_PORT"] = re.sub(r"^\$\{\w+:-(\d+)\}$", r"\1", here["HTTPS_PORT"])  # as Compose does
    site = Nginx(program, fill_in((folder / TEMPLATE).read_text(encoding="utf-8"), here))

    assert site.complaint() == ""
    site.close()


def test_a_certificate_that_is_there_stays(tmp_path: Path) -> None:
    """The script makes a certificate once."""
    make_certificate(tmp_path)
    before = (tmp_path / "certificate.pem").read_bytes()
    make_certificate(tmp_path)

    assert (tmp_path / "certificate.pem").read_bytes() == before


def test_the_site_has_the_courses_versions() -> None:
    """What the image installs stands in the course's own lock, with the same hashes, but for PostgreSQL's driver."""
    locked, ours = pins(ROOT / "requirements.txt"), pins(REQUIREMENTS)

    assert {"django", "channels", "daphne", "channels-redis", "django-rq", "redis"} <= {pin[0] for pin in ours}
    assert {pin[0] for pin in ours if pin not in locked} == {"psycopg", "psycopg-binary"}


def is_ours(name: str) -> bool:
    return SERVICES[name]["image"] == COMPOSE["x-ours"]["image"]


def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text(encoding="utf-8")


def make_certificate(folder: Path) -> None:
    script = LESSON.starter / "deploy" / "certificate.py"
    subprocess.run([sys.executable, str(script), str(folder), "tea.example"], check=True)


def pins(path: Path) -> list[tuple[str, ...]]:
    """Return each package with its version, where it is for, and its hashes; some stand there twice."""
    blocks = re.split(r"\n(?=[a-zA-Z0-9])", path.read_text(encoding="utf-8"))
    found = [(re.match(r"([\w.-]+)==([^\\]+)", block), block) for block in blocks]
    return [(pin[1], pin[2].strip(), *sorted(re.findall(r"sha256:\w+", block))) for pin, block in found if pin]
