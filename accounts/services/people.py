"""What people change about themselves."""

from __future__ import annotations

from accounts.models import User


def update_person(*, user: User, name: str, language: str, time_zone: str) -> None:
    user.name, user.language, user.time_zone = name, language, time_zone
    user.save(update_fields=["name", "language", "time_zone"])
