"""`POST /hooks/shops/<key>/`: shops tell of orders here. docs/shops.md explains the answers."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from accounts.middleware import for_anybody
from monitoring.conversions.clicks.visitors import network_of
from monitoring.conversions.shops.calls import CallRefused, Received
from monitoring.conversions.webhooks.receiving import Flooded, NobodyHere, find_shop, note_refusal, take_in

LARGEST_BODY = 1024 * 1024


@for_anybody
@csrf_exempt  # The signature over the body is a proof that no other site can make.
def shop_hook(request: HttpRequest, key: str) -> HttpResponse:
    """200 when it is stored or was before, 401 and 400 when it is refused, 404 where no shop is called so."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    sender = network_of(request, at=timezone.now())
    try:
        connection = find_shop(key)
        body = request.read(LARGEST_BODY + 1)
        if len(body) > LARGEST_BODY:
            note_refusal(connection=connection, reason="It is larger than any order.", sender=sender)
            return HttpResponse("Too large.\n", status=413, content_type="text/plain")
        headers = {name.lower(): value for name, value in request.headers.items()}
        received = Received(headers=headers, body=body, at=timezone.now())
        take_in(connection=connection, received=received, sender=sender)
    except NobodyHere:
        raise Http404 from None
    except Flooded as flood:
        wait = {"Retry-After": str(flood.seconds)}
        return HttpResponse("Too many calls.\n", status=429, content_type="text/plain", headers=wait)
    except CallRefused as refusal:
        return HttpResponse(f"{refusal}\n", status=refusal.status, content_type="text/plain")
    return HttpResponse("Stored.\n", content_type="text/plain")
