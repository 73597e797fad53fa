"""Every address of the project."""

from django.urls import include, path

from accounts.views.person import own_address
from smedash import health
from smedash.demo.views import enter

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("demo/<str:token>/", enter, name="enter_demo"),
    path("account/email/", own_address, name="account_email"),  # before allauth's, which would take anybody's
    path("account/", include("allauth.account.urls")),
    path("o/<slug:slug>/", include("monitoring.listening.urls")),
    path("o/<slug:slug>/", include("monitoring.platforms.urls")),
    path("o/<slug:slug>/", include("monitoring.audience.urls")),
    path("", include("monitoring.conversions.urls")),
    path("o/<slug:slug>/", include("monitoring.strategy.urls")),
    path("", include("monitoring.reports.urls")),
    path("", include("monitoring.dashboard.urls")),
    path("", include("accounts.urls")),
]

handler403 = "smedash.errors.permission_denied"
