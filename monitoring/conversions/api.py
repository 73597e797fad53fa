"""`POST /api/conversions`: programs report conversions. docs/api.md explains it to those who write them."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from accounts.models import ApiToken, TokenScope
from accounts.tokens import TokenRefused, authenticate_token
from monitoring.conversions.api_reading import NotUnderstood, read_report
from monitoring.conversions.limiting import Limit, seconds_to_wait
from monitoring.conversions.models import Conversion
from monitoring.conversions.services.recording import KeyReused, record_conversion

LARGEST_BODY = 16 * 1024
A_MINUTE = 600  # requests with one token


@csrf_exempt  # A token comes in a header that no other site can make a browser send.
def conversions(request: HttpRequest) -> HttpResponseBase:
    """Record one conversion: 201 when new, 200 when it was reported before, 409 when its key says something else."""
    if request.method != "POST":
        return _refuse(405, "method_not_allowed", "Send a POST request.", headers={"Allow": "POST"})
    try:
        token = authenticate_token(request.headers.get("Authorization", ""), TokenScope.CONVERSIONS)
    except TokenRefused as refused:
        challenge = {"WWW-Authenticate": 'Bearer realm="SMEdash"'}
        return _refuse(401, "unauthorized", str(refused), headers=challenge)
    wait = seconds_to_wait(Limit(f"api:{token.pk}", A_MINUTE))
    if wait:
        message = f"At most {A_MINUTE} requests a minute with one token."
        return _refuse(429, "too_many_requests", message, headers={"Retry-After": str(wait)})
    if request.content_type != "application/json":
        return _refuse(415, "unsupported_media_type", "Send JSON: Content-Type: application/json")
    body = request.read(LARGEST_BODY + 1)
    if len(body) > LARGEST_BODY:
        return _refuse(413, "too_large", f"Send at most {LARGEST_BODY} bytes: one conversion a request.")
    return _record(body, request.headers.get("Idempotency-Key", ""), token)


def _record(body: bytes, key: str, token: ApiToken) -> JsonResponse:
    try:
        report = read_report(body, key_header=key, organization=token.organization)
        recorded = record_conversion(organization=token.organization, report=report)
    except NotUnderstood as error:
        return _refuse(400, "invalid", str(error), fields=error.fields)
    except KeyReused as error:
        return _refuse(409, "key_reused", str(error), conversion=_shown(error.conversion))
    return JsonResponse(_shown(recorded.conversion), status=201 if recorded.is_new else 200)


def _shown(conversion: Conversion) -> dict[str, object]:
    return {
        "id": conversion.pk,
        "kind": conversion.kind,
        "occurred_at": conversion.occurred_at.isoformat(),
        "amount": None if conversion.amount is None else f"{conversion.amount.normalize():f}",
        "currency": conversion.currency or None,
        "channel": conversion.channel or None,
        "link": conversion.tracked_link.slug if conversion.tracked_link else None,
        "idempotency_key": conversion.idempotency_key,
        "note": conversion.note,
        "voided": conversion.voided_at is not None,
    }


def _refuse(
    status: int, code: str, message: str, *, headers: Mapping[str, str] | None = None, **more: object
) -> JsonResponse:
    return JsonResponse({"error": code, "message": message, **more}, status=status, headers=headers)
