"""The image and the compose file fit the code. No container engine is needed to see that."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands
from django.test import Client
from django.urls import resolve

from smedash.celery import QUEUES
from smedash.local.checkout import ROOT
from smedash.local.postgres import SETTINGS
from smedash.probe import PROBES
from tests.smedash.test_settings_documentation import calls_in_settings, name_of

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "smedash"}
OF_THE_SERVERS = {"POSTGRES_PASSWORD", "REDIS_PASSWORD"}


def known_settings() -> set[str]:
    return {name_of(call) for call in calls_in_settings()}


@cache
def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, continued lines joined."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = [line.strip() for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def of(instruction: str) -> list[str]:
    return [rest for word, rest in instructions() if word == instruction]


def assert_runs(words: list[str]) -> None:
    """The command names a program, a module or a management command that exists."""
    if words[0] != "python":
        assert (Path(sys.executable).parent / words[0]).exists(), words
    elif words[1] == "-m":
        assert importlib.util.find_spec(words[2]), words
    else:
        assert words[1] == "manage.py"
        assert words[2] in get_commands(), words


def names_in_env_example() -> set[str]:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return set(re.findall(r"^([A-Z_]+)=", text, flags=re.MULTILINE))


def test_all_services_are_there() -> None:
    assert set(SERVICES) == {"prepare", "web", "worker", "beat", "postgres", "redis"}


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_command_of_ours_exists(name: str) -> None:
    words = OURS[name].get("command") or json.loads(of("CMD")[-1])
    assert_runs(words)


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"prepare"}))
def test_every_long_running_service_says_whether_it_is_healthy(name: str) -> None:
    check = SERVICES[name]["healthcheck"]["test"]
    assert check[0] in {"CMD", "CMD-SHELL"}
    if "smedash.probe" in check:
        assert check[-1] in PROBES


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics"])
def test_the_addresses_for_operators_exist(address: str, client: Client) -> None:
    assert resolve(address).url_name == address.strip("/")
    assert client.get(address).status_code in {200, 503}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_waits_only_for_services_that_exist_and_become_healthy(name: str) -> None:
    for other, condition in SERVICES[name].get("depends_on", {}).items():
        assert other in SERVICES
        if condition["condition"] == "service_healthy":
            assert "test" in SERVICES[other]["healthcheck"]


def test_every_environment_name_is_a_setting() -> None:
    for service in OURS.values():
        assert set(service["environment"]) <= known_settings()
    assert names_in_env_example() - OF_THE_SERVERS <= known_settings()


def test_every_variable_of_the_compose_file_is_in_the_example() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    used = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))
    assert used == OF_THE_SERVERS
    assert used <= names_in_env_example()


def test_what_must_not_be_missing_is_in_the_example() -> None:
    assert {"PUBLIC_URL", "SECRET_KEY", "ENCRYPTION_KEYS"} <= names_in_env_example()


def test_the_worker_takes_from_every_queue() -> None:
    command = SERVICES["worker"]["command"]
    assert command[command.index("-Q") + 1].split(",") == list(QUEUES)


def test_data_lies_in_volumes_and_the_broker_forgets_nothing() -> None:
    mounted = {
        mount.partition(":")[0] for name in ("postgres", "redis") for mount in SERVICES[name]["volumes"]
    }
    assert mounted == set(COMPOSE["volumes"])
    broker = " ".join(SERVICES["redis"]["command"])
    assert "--appendonly yes" in broker
    assert "--maxmemory-policy noeviction" in broker


def test_the_pages_are_published_on_this_machine_only() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:8000:8000"]}


def test_the_image_runs_as_a_plain_user_and_checks_its_health() -> None:
    assert of("USER") == ["smedash"]
    [check] = of("HEALTHCHECK")
    assert json.loads(check[check.index("[") :])[-1] in PROBES
    assert len(of("FROM")) == 2


def test_the_image_holds_no_secret() -> None:
    settings = known_settings()
    for text in (*of("ENV"), *of("ARG")):
        assert not settings & set(re.findall(r"[A-Z_]+", text))
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".env", ".smedash*", ".git"} <= set(ignored)


def test_what_the_image_copies_and_calls_exists() -> None:
    for text in of("COPY"):
        if not text.startswith("--from"):
            assert all((ROOT / source).exists() for source in text.split()[:-1])
    for command in re.findall(r"manage\.py (\w+)", " ".join(of("RUN"))):
        assert command in get_commands()


def test_postgres_plans_in_a_container_as_it_does_on_its_own() -> None:
    command = COMPOSE["services"]["postgres"]["command"]
    told = dict(word.split("=") for word in command if "=" in word)
    assert told == {name: SETTINGS[name] for name in ("jit", "random_page_cost", "work_mem")}
