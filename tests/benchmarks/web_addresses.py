"""Every address of the project, and an empty page behind all middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from accounts.middleware import for_anybody
from smedash.urls import urlpatterns as of_the_project


@for_anybody
@csrf_exempt
def empty(request: HttpRequest) -> HttpResponse:
    """Nothing could do less behind the same middleware, once it knows what was sent."""
    request.read()
    return HttpResponse()


urlpatterns = [path("empty", empty, name="empty"), *of_the_project]
