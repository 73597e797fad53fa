"""Every address of the project."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("", include("monitoring.dashboard.urls")),
    path("", include("accounts.urls")),
]

handler403 = "smedash.errors.permission_denied"
