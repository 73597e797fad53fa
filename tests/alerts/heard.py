"""Mentions and views of a test."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from bs4 import BeautifulSoup
from django.utils import timezone

from accounts.models import Membership
from monitoring.alerts.mails.choosing import choose_rhythm, off_address
from monitoring.alerts.models import Rhythm, ViewAlert
from monitoring.alerts.outside.widgets import WidgetChoice, make_widget
from monitoring.listening.models import Brand, Mention, SavedView
from monitoring.listening.models.mentions import Tone
from monitoring.listening.services.saved_views import save_view


def hear(brand: Brand, text: str, *, at: datetime | None = None, **fields: Any) -> Mention:
    moment = at or timezone.now()
    facts: dict[str, Any] = {
        "platform": "bluesky",
        "author_key": "bluesky:lena",
        "author_name": "Lena",
        "author_handle": "lena.example.com",
        "url": "https://example.com/post",
        "language": "en",
        "sentiment": Tone.NEGATIVE,
        "published_at": moment,
    }
    return Mention.objects.create(
        organization_id=brand.organization_id,
        brand=brand,
        external_id=uuid4().hex,
        collected_at=moment,
        text=text,
        sentiment_confidence=0.9,
        **{**facts, **fields},
    )


def complaints(membership: Membership, brand: Brand, *, is_shared: bool = True) -> SavedView:
    return save_view(
        membership=membership, brand=brand, name="Complaints", query="tone=negative", is_shared=is_shared
    )


def links_of_views(membership: Membership, brand: Brand) -> dict[str, str]:
    """What somebody without an account reads: how to end mails, and the widget."""
    view = save_view(membership=membership, brand=brand, name="Praise", query="tone=positive", is_shared=True)
    choose_rhythm(view=view, membership=membership, rhythm=Rhythm.DAILY, now=timezone.now())
    shown = WidgetChoice(
        title="What people say",
        hosts=["halden.example.com"],
        most=5,
        shows_authors=True,
        shows_times=True,
        shows_links=True,
        appearance="",
    )
    _widget, markup = make_widget(view=view, choice=shown, by=membership.user)
    frame = BeautifulSoup(markup, "html.parser").iframe
    assert frame is not None
    alert = ViewAlert.objects.get(view=view, membership=membership)
    return {"mails_off": off_address(alert), "widget": str(frame["src"])}
