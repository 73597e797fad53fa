"""Whether it works: /healthz for this process, /readyz for all it stands on, /metrics for graphs."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from smedash.broker import broker, heartbeat_age, queue_ages
from smedash.celery import HEARTBEAT_SECONDS
from smedash.metrics import CONTENT_TYPE, exposition

HEARTBEAT_LIMIT = 9 * HEARTBEAT_SECONDS


@dataclass(frozen=True)
class Check:
    """One thing that must hold. The detail is for operators, and never holds an address or a secret."""

    ok: bool
    detail: str


def check_database() -> Check:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Check(True, "answers")


def check_broker() -> Check:
    broker().ping()
    return Check(True, "answers")


def check_queues() -> Check:
    queue, age = max(queue_ages().items(), key=lambda item: item[1])
    if age > settings.QUEUE_AGE_LIMIT:
        return Check(False, f"the oldest task in {queue} has waited {age:.0f} s")
    return Check(True, f"the oldest task has waited {age:.0f} s")


def check_beat() -> Check:
    age = heartbeat_age()
    if age is None:
        return Check(False, "no periodic task has run yet")
    return Check(age < HEARTBEAT_LIMIT, f"the last periodic task ran {age:.0f} s ago")


CHECKS: dict[str, Callable[[], Check]] = {
    "database": check_database,
    "broker": check_broker,
    "queues": check_queues,
    "beat": check_beat,
}


def run_check(check: Callable[[], Check]) -> Check:
    try:
        return check()
    except (DatabaseError, redis.RedisError):
        return Check(False, "does not answer")


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """This process answers. Asks nobody else: a container is not restarted because its database is."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Everything needed to serve people is there: 200, or 503 with the check that fails."""
    results = {name: run_check(check) for name, check in CHECKS.items()}
    ready = all(result.ok for result in results.values())
    checks = {name: {"ok": result.ok, "detail": result.detail} for name, result in results.items()}
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus: with the token, or without one from this machine."""
    if not may_read_metrics(request):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE)


def may_read_metrics(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return constant_time_compare(given, settings.METRICS_TOKEN)
    # Behind a proxy everybody seems to come from this machine.
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not forwarded and ipaddress.ip_address(request.META["REMOTE_ADDR"]).is_loopback
