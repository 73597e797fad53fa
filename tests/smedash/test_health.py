"""Whether the installation says truly if it works."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
import redis
from django.db import connections
from django.test import Client
from pytest_django import Settings

from smedash import broker
from smedash.celery import app
from smedash.tasks import heartbeat

pytestmark = pytest.mark.django_db


def ready(client: Client) -> tuple[int, dict[str, dict[str, object]]]:
    response = client.get("/readyz")
    return response.status_code, response.json()["checks"]


def test_healthz_asks_nobody_else(client: Client, unreachable_broker: None) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


def test_all_is_well_after_a_heartbeat(client: Client) -> None:
    heartbeat()
    status, checks = ready(client)
    assert status == 200
    assert {name: check["ok"] for name, check in checks.items()} == dict.fromkeys(
        ["database", "broker", "queues", "beat"], True
    )


def test_without_a_heartbeat_it_is_not_ready(client: Client) -> None:
    status, checks = ready(client)
    assert status == 503
    assert checks["beat"] == {"ok": False, "detail": "no periodic task has run yet"}


def test_an_old_heartbeat_is_not_enough(client: Client, empty_redis: redis.Redis) -> None:
    empty_redis.set(broker.HEARTBEAT, time.time() - 3600)
    status, checks = ready(client)
    assert status == 503
    assert re.fullmatch(r"the last periodic task ran 36\d\d s ago", str(checks["beat"]["detail"]))


def test_a_task_that_waits_too_long_is_told(client: Client, settings: Settings) -> None:
    heartbeat()
    app.send_task("bulk.rebuild")
    time.sleep(1.1)
    assert ready(client)[0] == 200
    settings.QUEUE_AGE_LIMIT = 1
    status, checks = ready(client)
    assert (status, checks["queues"]["ok"]) == (503, False)
    assert re.fullmatch(r"the oldest task in bulk has waited \d+ s", str(checks["queues"]["detail"]))


@pytest.fixture
def unreachable_broker(settings: Settings) -> Iterator[None]:
    settings.REDIS_URL = "redis://:hunter2@127.0.0.1:1/0"
    broker.broker.cache_clear()
    yield
    broker.broker.cache_clear()


def test_a_broker_that_does_not_answer_is_told_without_its_address(
    client: Client, unreachable_broker: None
) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["broker"] == {"ok": False, "detail": "does not answer"}
    assert "hunter2" not in response.text
    assert "127.0.0.1" not in response.text


@pytest.fixture
def unreachable_database() -> Iterator[None]:
    connection = connections["default"]
    connection.close()
    before = connection.settings_dict["PORT"]
    connection.settings_dict["PORT"] = 1
    yield
    connection.settings_dict["PORT"] = before


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_answer_is_told(client: Client, unreachable_database: None) -> None:
    heartbeat()
    status, checks = ready(client)
    assert (status, checks["database"]) == (503, {"ok": False, "detail": "does not answer"})
    assert checks["broker"]["ok"] is True


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics"])
def test_only_reading_is_allowed(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405


def test_metrics_count_queues_and_tasks(client: Client) -> None:
    app.send_task("bulk.rebuild")
    broker.count_task(heartbeat, "SUCCESS")
    broker.count_task(heartbeat, "FAILURE")
    text = client.get("/metrics").text
    assert 'smedash_queue_length{queue="bulk"} 1.0' in text
    assert 'smedash_tasks_total{outcome="failure",task="interactive.heartbeat"} 1.0' in text
    assert "smedash_database_up 1.0" in text


def test_metrics_say_that_the_broker_is_away(client: Client, unreachable_broker: None) -> None:
    text = client.get("/metrics").text
    assert "smedash_broker_up 0.0" in text
    assert "smedash_database_up 1.0" in text


@pytest.mark.parametrize(
    ("headers", "address", "status"),
    [
        ({}, "127.0.0.1", 200),
        ({}, "::1", 200),
        ({}, "203.0.113.9", 404),
        ({"X-Forwarded-For": "203.0.113.9"}, "127.0.0.1", 404),
    ],
)
def test_without_a_token_metrics_answer_this_machine_only(
    client: Client, headers: dict[str, str], address: str, status: int
) -> None:
    assert client.get("/metrics", headers=headers, REMOTE_ADDR=address).status_code == status


@pytest.mark.parametrize(("given", "status"), [("Bearer open sesame", 200), ("Bearer wrong", 404), ("", 404)])
def test_with_a_token_metrics_answer_whoever_knows_it(
    client: Client, settings: Settings, given: str, status: int
) -> None:
    settings.METRICS_TOKEN = "open sesame"
    assert client.get("/metrics", headers={"Authorization": given}).status_code == status
