"""How django-allauth behaves here."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Signing up is closed: the first owner comes by the one-time link, everybody else by invitation."""

    def is_open_for_signup(self, request: object) -> bool:
        return False
