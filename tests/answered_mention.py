"""A mention that was answered with a link, whose reader came back by a post and ordered: a chain with every step."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from accounts.models import Organization
from monitoring.audience.models import PublishedPost
from monitoring.conversions.clicks.storing import FollowedLink, store_clicks
from monitoring.conversions.crediting.days import credit_due_days
from monitoring.conversions.crediting.evidence import Evidence
from monitoring.conversions.crediting.touches import find_touches
from monitoring.conversions.models import Channel, Conversion, Kind, Origin, TrackedLink, Visit
from monitoring.conversions.services.links import create_link
from monitoring.conversions.services.recording import Report, record_conversion
from monitoring.conversions.services.refunding import Refund, record_refund
from monitoring.listening.models import Mention


def order_after_answer(
    organization: Organization, *, mention: Mention, post: PublishedPost | None, now: datetime
) -> Conversion:
    """The order, a day ago; yesterday evening a part of it was given back. It is credited already."""
    placed_at = now - timedelta(days=1)
    answer = make_link(organization, "Answer with our opening hours", Channel.BLUESKY)
    posted = make_link(organization, "Autumn blend", Channel.INSTAGRAM)
    TrackedLink.objects.filter(pk=answer.pk).update(mention=mention, created_at=placed_at - timedelta(days=4))
    TrackedLink.objects.filter(pk=posted.pk).update(post=post, created_at=placed_at - timedelta(days=3))
    clicks = [follow(answer, placed_at - timedelta(days=2)), follow(posted, placed_at - timedelta(hours=1))]
    Visit.objects.create(
        visit_id=uuid4(),
        organization=organization,
        occurred_at=clicks[1].clicked_at + timedelta(seconds=4),
        visitor="a reader",
        click_id=clicks[1].click_id,
        link=posted,
        channel=posted.channel,
        landing="/shop/autumn-blend",
    )
    report = Report(
        kind=Kind.ORDER,
        origin=Origin.SITE,
        idempotency_key="answered",
        occurred_at=placed_at,
        amount=Decimal("25.01"),
        currency="EUR",
        heard_of_us_from=Channel.FRIEND,
        order_number="#1042",
        evidence=Evidence(click_ids=tuple(click.click_id.hex for click in clicks)),
    )
    order = record_conversion(organization=organization, report=report).conversion
    refund = Refund(
        idempotency_key="back",
        occurred_at=placed_at + timedelta(hours=9),
        amount=Decimal("5"),
        note="Broken cup",
    )
    record_refund(conversion=order, refund=refund)
    find_touches(now=order.created_at + timedelta(minutes=2))
    credit_due_days(seconds=10)
    return order


def make_link(organization: Organization, label: str, channel: Channel) -> TrackedLink:
    return create_link(
        organization=organization, target="https://example.com/shop", label=label, channel=channel
    )


def follow(link: TrackedLink, at: datetime) -> FollowedLink:
    click = FollowedLink(
        click_id=uuid4(), link_id=link.pk, clicked_at=at, visitor=f"{at:%d %H:%M:%S}", is_bot=False
    )
    store_clicks([click])
    return click
