"""How background work is routed, and what must not pile up."""

from __future__ import annotations

import pytest
import redis
from celery import Celery
from django.conf import settings

from smedash.broker import heartbeat_age, queue_ages, queue_lengths
from smedash.celery import QUEUES
from smedash.celery import app as application
from smedash.local.supervision import worker_command
from smedash.tasks import heartbeat
from tests.waiting import wait_until


@pytest.mark.parametrize("queue", QUEUES)
def test_a_tasks_name_begins_with_its_queue(queue: str, empty_redis: redis.Redis) -> None:
    application.send_task(f"{queue}.something")
    assert queue_lengths() == {name: int(name == queue) for name in QUEUES}
    assert queue_ages()[queue] < 5


def test_every_task_of_ours_names_a_queue() -> None:
    application.loader.import_default_modules()
    ours = [name for name in application.tasks if not name.startswith("celery.")]
    assert "interactive.heartbeat" in ours
    assert [name for name in ours if name.partition(".")[0] not in QUEUES] == []


def test_every_periodic_task_exists_and_expires() -> None:
    application.loader.import_default_modules()
    for name, entry in application.conf.beat_schedule.items():
        assert entry["task"] in application.tasks, name
        assert entry["options"]["expires"] > 0, name


def test_a_task_may_not_outlast_the_brokers_patience() -> None:
    patience = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert settings.CELERY_TASK_SOFT_TIME_LIMIT < settings.CELERY_TASK_TIME_LIMIT < patience


def test_the_workers_take_from_every_queue() -> None:
    compose = worker_command("one", "fetch,bulk") + worker_command("two", "interactive,events,mail")
    named = {queue for word in compose for queue in word.split(",")}
    assert set(QUEUES) <= named


@pytest.mark.django_db(transaction=True)
def test_a_heartbeat_passes_through_a_real_worker(worker: object, celery_application: Celery) -> None:
    assert heartbeat_age() is None
    heartbeat.delay()
    wait_until(lambda: heartbeat_age() is not None)
