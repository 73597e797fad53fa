"""What people change about themselves."""

from __future__ import annotations

from accounts.models import User


def update_person(
    *, user: User, name: str, language: str, time_zone: str, theme: str, mail_about_team: bool
) -> None:
    user.name, user.language, user.time_zone, user.theme = name, language, time_zone, theme
    user.mail_about_team = mail_about_team
    user.save(update_fields=["name", "language", "time_zone", "theme", "mail_about_team"])
