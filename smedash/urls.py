"""Every address of the project."""

from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.oauth2.urls import default_urlpatterns
from django.conf import settings
from django.urls import include, path

from accounts.views.security import OwnSessions, own_security
from smedash import health
from smedash.administration.lists import operator_site
from smedash.demo.views import enter

# Where the operator has keys of Google or Microsoft.
sign_in_elsewhere = (
    [
        path("account/elsewhere/", include("allauth.socialaccount.urls")),
        *(
            path("account/", include(default_urlpatterns(registry.get_class(provider.slug))))
            for provider in settings.SIGN_IN_WITH
        ),
    ]
    if settings.SIGN_IN_WITH
    else []
)

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("demo/<str:token>/", enter, name="enter_demo"),
    path("account/", include("allauth.account.urls")),
    # These two before allauth's own: one page shows all ways in.
    path("account/security/", own_security, name="mfa_index"),
    path("account/security/webauthn/", own_security, name="mfa_list_webauthn"),
    path("account/security/", include("allauth.mfa.urls")),
    path("account/sessions/", OwnSessions.as_view(), name="usersessions_list"),
    *sign_in_elsewhere,
    path("o/<slug:slug>/", include("monitoring.jobs.urls")),
    path("o/<slug:slug>/", include("monitoring.listening.urls")),
    path("o/<slug:slug>/", include("monitoring.platforms.urls")),
    path("o/<slug:slug>/", include("monitoring.audience.urls")),
    path("", include("monitoring.conversions.urls")),
    path("o/<slug:slug>/", include("monitoring.strategy.urls")),
    path("", include("monitoring.alerts.urls")),
    path("", include("monitoring.reports.urls")),
    path("", include("monitoring.privacy.urls")),
    path("", include("monitoring.dashboard.urls")),
    path("", include("accounts.urls")),
]

if settings.ADMIN_PATH:  # off unless the operator chose an address for it
    urlpatterns.append(path(f"{settings.ADMIN_PATH}/", operator_site.urls))

handler403 = "smedash.errors.permission_denied"
