"""Numbers for Prometheus, asked from the database and the broker at the moment of the scrape.

Nothing is kept in the memory of a process, so any number of web processes give the same answer. What tasks
did is counted in the broker, where all workers meet.
"""

from __future__ import annotations

from collections.abc import Iterator

import redis
from django.db import DatabaseError, connection
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from smedash.broker import heartbeat_age, queue_ages, queue_lengths, task_counts

__all__ = ["CONTENT_TYPE", "exposition"]


def exposition() -> bytes:
    registry = CollectorRegistry()
    registry.register(DatabaseNumbers())
    registry.register(BrokerNumbers())
    return generate_latest(registry)


class DatabaseNumbers(Collector):
    def collect(self) -> Iterator[Metric]:
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_database_size(current_database()),"
                    " (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())"
                )
                size, connections = cursor.fetchone()
        except DatabaseError:
            yield gauge("smedash_database_up", "Whether the database answers.", 0)
            return
        yield gauge("smedash_database_up", "Whether the database answers.", 1)
        yield gauge("smedash_database_size_bytes", "Size of the database on disk.", size)
        yield gauge("smedash_database_connections", "Open connections to the database.", connections)


class BrokerNumbers(Collector):
    def collect(self) -> Iterator[Metric]:
        try:
            lengths, ages, beat = queue_lengths(), queue_ages(), heartbeat_age()
            counts = task_counts()
        except redis.RedisError:
            yield gauge("smedash_broker_up", "Whether the broker answers.", 0)
            return
        yield gauge("smedash_broker_up", "Whether the broker answers.", 1)
        yield per_queue("smedash_queue_length", "Tasks waiting.", lengths)
        yield per_queue("smedash_queue_age_seconds", "How long the oldest task has waited.", ages)
        if beat is not None:
            yield gauge("smedash_heartbeat_age_seconds", "Seconds since a periodic task ran.", beat)
        yield task_counter(counts)


def gauge(name: str, explanation: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, explanation, value=value)


def per_queue(name: str, explanation: str, values: dict[str, int] | dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, explanation, labels=["queue"])
    for queue, value in values.items():
        family.add_metric([queue], value)
    return family


def task_counter(counts: dict[tuple[str, str], int]) -> CounterMetricFamily:
    family = CounterMetricFamily("smedash_tasks", "Tasks that have ended.", labels=["task", "outcome"])
    for names, count in counts.items():
        family.add_metric(names, count)
    return family
