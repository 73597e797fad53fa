"""What people see when something is not allowed. (400, 404 and 500 are plain templates.)"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.selectors import list_people_who_can_help


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: names who can help, where we know the organization."""
    organization = getattr(request, "organization", None)
    helpers = list_people_who_can_help(organization=organization) if organization else []
    return render(request, "403.html", {"helpers": helpers}, status=403)
