"""Django's admin, for the operator of the server: behind the setting ADMIN_PATH, for staff with two factors only.

To everybody else its pages do not exist. It has no sign-in of its own, which would know nothing of second factors.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.admin import AdminSite
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.second_factor import has_second_factor

View = TypeVar("View", bound=Callable[..., Any])


class OperatorSite(AdminSite):
    site_header = site_title = _("SMEdash for its operator")
    index_title = _("What this server holds")
    site_url = "/"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return isinstance(user, User) and user.is_active and user.is_staff and has_second_factor(user=user)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Nobody is let through who may not be here, and only staff learn that there is something."""
        guarded = super().admin_view(view, cacheable)

        @wraps(view)
        def behind_the_door(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            return self._refuse(request) or guarded(request, *args, **kwargs)

        behind_the_door.is_for_operators = True  # type: ignore[attr-defined]  # read by the test of its addresses
        return cast(View, behind_the_door)

    def _refuse(self, request: HttpRequest) -> HttpResponseBase | None:
        if self.has_permission(request):
            return None
        if not isinstance(request.user, User):
            return redirect_to_login(request.get_full_path())
        if not (request.user.is_active and request.user.is_staff):
            raise Http404
        return render(request, "administration/second_factor.html", status=403)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one sign-in for all, which asks for the second factor."""
        refused = self._refuse(request)
        return refused if isinstance(refused, HttpResponse) else redirect("admin:index")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]  # Django's own page would stay in the admin
        if request.method == "POST":
            logout(request)
        return redirect("accounts:home")

    def password_change(  # type: ignore[override]  # Django's own page would ask for no second factor
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")
