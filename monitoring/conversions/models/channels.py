"""Where customers come from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """The answers to "how did you hear of us?", and where a tracked link is put."""

    INSTAGRAM = "instagram", "Instagram"
    FACEBOOK = "facebook", "Facebook"
    TIKTOK = "tiktok", "TikTok"
    YOUTUBE = "youtube", "YouTube"
    WHATSAPP = "whatsapp", "WhatsApp"
    LINKEDIN = "linkedin", "LinkedIn"
    X = "x", "X"
    BLUESKY = "bluesky", "Bluesky"
    MASTODON = "mastodon", "Mastodon"
    REDDIT = "reddit", "Reddit"
    OTHER_SOCIAL = "other_social", _("Other social media")
    GOOGLE = "google", _("Google or maps")
    FRIEND = "friend", _("A friend")
    WALK_IN = "walk_in", _("Passed by")
    MAIL = "mail", _("Mail or newsletter")
    PRINT = "print", _("Flyer or sign")
    OTHER = "other", _("Something else")


SOCIAL = (
    Channel.INSTAGRAM,
    Channel.FACEBOOK,
    Channel.TIKTOK,
    Channel.YOUTUBE,
    Channel.WHATSAPP,
    Channel.LINKEDIN,
    Channel.X,
    Channel.BLUESKY,
    Channel.MASTODON,
    Channel.REDDIT,
    Channel.OTHER_SOCIAL,
)
# What the counter asks first; the rest unfolds.
ASKED_FIRST = (
    Channel.INSTAGRAM,
    Channel.FACEBOOK,
    Channel.TIKTOK,
    Channel.GOOGLE,
    Channel.FRIEND,
    Channel.WALK_IN,
)
NOT_ASKED = ""


def is_social(channel: str) -> bool:
    return channel in SOCIAL


def channel_label(channel: str) -> str:
    """The channel's name; a conversion without one was not asked."""
    return str(Channel(channel).label if channel else _("Not asked"))
