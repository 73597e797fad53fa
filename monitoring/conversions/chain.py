"""From the first that was said to the order and what was taken back of it: one conversion, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.conversions.crediting.shares import TouchShares, share_among
from monitoring.conversions.ledger_choice import say_entry
from monitoring.conversions.models import Assumptions, Conversion, Touch, TrackedLink, Visit
from monitoring.conversions.models.channels import channel_label
from monitoring.conversions.selectors.returns import find_assumptions
from monitoring.lib.figures import format_money

_EXCERPT = 160
_ICONS = {
    Touch.Found.CLICK: "mouse-pointer-click",
    Touch.Found.VISIT: "globe",
    Touch.Found.TAG: "tag",
    Touch.Found.REFERRER: "external-link",
    Touch.Found.COUPON: "ticket",
    Touch.Found.TOLD: "link",
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that happened, and where to read more of it."""

    at: datetime
    icon: str
    title: str
    text: str = ""
    address: str = ""
    is_void: bool = False


@dataclass(frozen=True, kw_only=True)
class Chain:
    conversion: Conversion
    title: str
    steps: tuple[Step, ...]
    shares: tuple[TouchShares, ...]
    assumptions: Assumptions
    waits: bool  # clicks or visits may still be found

    @property
    def said(self) -> str:
        """What the customer answered, or nothing."""
        said = self.conversion.heard_of_us_from
        return channel_label(said) if said else ""


def find_conversions(*, organization: Organization) -> QuerySet[Conversion]:
    """Those that are no reversals, with what a chain needs."""
    conversions = Conversion.objects.filter(organization=organization, reverses=None)
    return conversions.select_related("tracked_link", "created_by", "connection")


def read_chain(*, organization: Organization, conversion: Conversion) -> Chain:
    """Everything that led to it and came of it, in five queries."""
    touches = list(
        conversion.touches.select_related("campaign", "link__mention", "link__post").order_by(
            "occurred_at", "pk"
        )
    )
    assumptions = find_assumptions(organization=organization)
    steps = [
        *_of_links(organization, [touch.link for touch in touches if touch.link]),
        *(_of_touch(touch) for touch in touches),
        *_of_visits(organization, touches),
        *_of_entries(conversion),
    ]
    return Chain(
        conversion=conversion,
        title=say_conversion(conversion),
        steps=tuple(sorted(steps, key=lambda step: step.at)),
        shares=tuple(share_among(conversion=conversion, touches=touches, assumptions=assumptions)),
        assumptions=assumptions,
        waits=conversion.touches_due_at is not None,
    )


def say_conversion(conversion: Conversion) -> str:
    """ "Order 1042: €12.50"."""
    what = say_entry(conversion)
    if conversion.order_number:
        what = f"{what} {conversion.order_number}"
    return what if conversion.amount is None else f"{what}: {_money(conversion)}"


def name_touch(touch: Touch) -> str:
    """What it is called beside the others: the link's name, or else the channel's."""
    named = touch.link.label if touch.link else touch.campaign.name if touch.campaign else ""
    channel = channel_label(touch.channel) if touch.channel else ""
    return " · ".join(part for part in (channel, named) if part) or _("Not known")


def _of_links(organization: Organization, links: Iterable[TrackedLink]) -> Iterator[Step]:
    """What each link answered or stood in, and when it was made."""
    for link in {link.pk: link for link in links}.values():
        if link.mention and link.mention.is_there:
            yield Step(
                at=link.mention.published_at,
                icon="message-square-text",
                title=_("%(name)s spoke about you") % {"name": link.mention.author_said},
                text=_excerpt(link.mention.text or link.mention.title),
                address=reverse("dashboard:brought_by_mention", args=[organization.slug, link.mention.pk]),
            )
        if link.post:
            yield Step(
                at=link.post.published_at,
                icon="megaphone",
                title=_("You published a post"),
                text=_excerpt(link.post.text or link.post.title),
                address=reverse("dashboard:brought_by_post", args=[organization.slug, link.post.pk]),
            )
        made = (
            _("You made the link “%(name)s” to answer") if link.mention else _("You made the link “%(name)s”")
        )
        yield Step(
            at=link.created_at,
            icon="link",
            title=made % {"name": link.label},
            text=channel_label(link.channel),
        )


def _of_touch(touch: Touch) -> Step:
    titles = {
        Touch.Found.CLICK: _("The customer followed your link"),
        Touch.Found.VISIT: _("The customer came to your site"),
        Touch.Found.TAG: _("The visit of the order had a tag"),
        Touch.Found.REFERRER: _("The customer came from another site"),
        Touch.Found.COUPON: _("The customer used a coupon"),
        Touch.Found.TOLD: _("The report named your link"),
    }
    found = Touch.Found(touch.found)
    return Step(at=touch.occurred_at, icon=_ICONS[found], title=titles[found], text=name_touch(touch))


def _of_visits(organization: Organization, touches: Iterable[Touch]) -> Iterator[Step]:
    """Where the clicks arrived on the site: the same touch, one step later."""
    clicks = [
        UUID(hex=key)
        for kind, _colon, key in (each.key.partition(":") for each in touches)
        if kind == "click"
    ]
    if not clicks:
        return
    visits = Visit.objects.filter(organization=organization, click_id__in=clicks, is_bot=False)
    for visit in visits.order_by("occurred_at")[:50]:
        yield Step(
            at=visit.occurred_at, icon="globe", title=_("The click arrived on your site"), text=visit.landing
        )


def _of_entries(conversion: Conversion) -> Iterator[Step]:
    yield Step(
        at=conversion.occurred_at,
        icon="shopping-bag",
        title=say_conversion(conversion),
        text=_told_by(conversion),
        is_void=conversion.voided_at is not None,
    )
    for reversal in conversion.reversals.order_by("occurred_at", "pk"):
        amount = "" if reversal.amount is None else _money(reversal)
        yield Step(
            at=reversal.occurred_at,
            icon="undo-2",
            title=say_entry(reversal),
            text=" · ".join(part for part in (amount, reversal.note) if part),
            is_void=reversal.voided_at is not None,
        )


def _told_by(conversion: Conversion) -> str:
    """Who told us, and what else they said."""
    teller = conversion.connection.name if conversion.connection else conversion.get_origin_display()
    person = str(conversion.created_by) if conversion.created_by else ""
    said = conversion.heard_of_us_from
    heard = _("“How did you hear of us?” %(channel)s") % {"channel": channel_label(said)} if said else ""
    return " · ".join(part for part in (teller, person, heard, conversion.note) if part)


def _money(entry: Conversion) -> str:
    return format_money(entry.amount, entry.currency)


def _excerpt(text: str) -> str:
    return Truncator(text).chars(_EXCERPT)
