"""Who else may say who somebody is: Google and Microsoft, where the operator has registered this instance with them."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.core.exceptions import ImproperlyConfigured

Keys = tuple[str, str]  # the client's id and its secret; both empty where the operator has none


@dataclass(frozen=True, kw_only=True)
class SignInProvider:
    slug: str
    origin: str  # a form that leads there must be allowed to
    client_id: str
    secret: str = field(repr=False)
    options: tuple[tuple[str, str], ...] = ()

    @property
    def allauth(self) -> dict[str, object]:
        """As SOCIALACCOUNT_PROVIDERS has it."""
        app = {"client_id": self.client_id, "secret": self.secret, "settings": dict(self.options)}
        return {"APP": app, "OAUTH_PKCE_ENABLED": True}


def sign_in_providers(*, google: Keys, microsoft: Keys, microsoft_tenant: str) -> tuple[SignInProvider, ...]:
    """Those whose keys are set. One key of the two is a mistake that nobody should look for at the sign-in page."""
    for name, keys in (("GOOGLE", google), ("MICROSOFT", microsoft)):
        if bool(keys[0]) != bool(keys[1]):
            raise ImproperlyConfigured(f"{name}_CLIENT_ID and {name}_CLIENT_SECRET go together: set both.")
    known = (
        SignInProvider(
            slug="google", origin="https://accounts.google.com", client_id=google[0], secret=google[1]
        ),
        SignInProvider(
            slug="microsoft",
            origin="https://login.microsoftonline.com",
            client_id=microsoft[0],
            secret=microsoft[1],
            options=(("tenant", microsoft_tenant),),
        ),
    )
    return tuple(provider for provider in known if provider.client_id)
