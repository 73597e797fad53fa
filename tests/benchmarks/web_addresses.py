"""Every address of the project, and two empty answers: one behind all middleware, one in the fast lane."""

from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from accounts.middleware import for_anybody
from smedash.fast_lane import LANES, FastLaneMiddleware
from smedash.urls import urlpatterns as of_the_project


@for_anybody
@csrf_exempt
def empty(request: HttpRequest) -> HttpResponse:
    """Nothing could do less behind the same middleware, once it knows what was sent."""
    request.read()
    return HttpResponse()


class WithAnEmptyLane(FastLaneMiddleware):
    lanes: ClassVar = {**LANES, "/empty-lane": empty}


urlpatterns = [path("empty", empty, name="empty"), *of_the_project]
