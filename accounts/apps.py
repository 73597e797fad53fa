"""What must be known before the first request."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig, apps


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        """Listen to what django.contrib.auth and allauth tell."""
        import_module("accounts.sign_in_events")
        if apps.is_installed("allauth.mfa"):
            import_module("accounts.second_factor_events")
