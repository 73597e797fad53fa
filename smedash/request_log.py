"""Every log line of a request names the request."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponseBase

GIVEN_ID = re.compile(r"[\w-]{8,64}", re.ASCII)
QUIET_ROUTES = {"healthz", "readyz", "metrics"}
log = structlog.get_logger("smedash.requests")

Respond = Callable[[HttpRequest], HttpResponseBase]


class RequestLogMiddleware:
    """Gives each request an id, or takes over the proxy's, and logs one line about it.

    The route is logged, not the address: one-time links and search texts stand in addresses.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if GIVEN_ID.fullmatch(given) else uuid4().hex
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            began = time.perf_counter()
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            self._log(request, response, time.perf_counter() - began)
        return response

    def _log(self, request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
        route = request.resolver_match.route if request.resolver_match else "(no page)"
        level = "debug" if route in QUIET_ROUTES else "info"
        facts = {"method": request.method, "route": route, "status": response.status_code}
        getattr(log, level)("request", **facts, milliseconds=round(seconds * 1000, 1))
