"""What a mention that was answered, or a post of ours, brought: its links, who followed them, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, Sum
from django.utils import timezone

from accounts.models import Organization
from monitoring.audience.models import PublishedPost
from monitoring.conversions.chain import say_conversion
from monitoring.conversions.comparing import Figure
from monitoring.conversions.models import ClickDay, Conversion, CreditModel, Touch, TrackedLink
from monitoring.conversions.models.conversions import kind_label
from monitoring.conversions.parts_behind import PartsBehind
from monitoring.conversions.selectors.credits import CreditRow, credits_of_links
from monitoring.conversions.selectors.links import short_address
from monitoring.lib.figures import format_money
from monitoring.lib.periods import local_day
from monitoring.listening.models import Mention

_LATEST = 20


@dataclass(frozen=True)
class FollowedLink:
    """Visits are clicks of people, repeated ones left out."""

    link: TrackedLink
    address: str
    visits: int


@dataclass(frozen=True)
class Credited:
    """One kind of conversion under the four models that know links."""

    label: str
    # The model, how many, how much, and the address of them.
    figures: tuple[tuple[CreditModel, str, str, str], ...]
    rows: Mapping[CreditModel, CreditRow]


@dataclass(frozen=True)
class Brought:
    links: tuple[FollowedLink, ...]
    credited: tuple[Credited, ...]
    conversions: tuple[tuple[Conversion, str], ...]

    @property
    def visits(self) -> int:
        return sum(each.visits for each in self.links)


def read_brought(
    *, organization: Organization, mention: Mention | None = None, post: PublishedPost | None = None
) -> Brought:
    """What the links of a mention or a post brought since the first of them was made. Four queries."""
    links = TrackedLink.objects.filter(organization=organization)
    found = links.filter(mention=mention) if mention else links.filter(post=post)
    known = list(found.order_by("created_at", "pk"))
    if not known:
        return Brought((), (), ())
    ids = [link.pk for link in known]
    since = local_day(known[0].created_at, ZoneInfo(organization.time_zone))
    clicks = ClickDay.objects.filter(organization_id=organization.pk, link_id__in=ids).values_list("link_id")
    visits = dict(clicks.annotate(Sum("visits")))
    today = local_day(timezone.now(), ZoneInfo(organization.time_zone))
    target = {"mention": mention.pk if mention else None, "post": post.pk if post else None}
    credits = credits_of_links(organization=organization, link_ids=ids, since=since)
    return Brought(
        links=tuple(FollowedLink(link, short_address(link), visits.get(link.pk, 0)) for link in known),
        credited=tuple(
            _credited(PartsBehind(organization, since, max(since, today), kind), target, by_model)
            for kind, by_model in credits.items()
        ),
        conversions=tuple((each, say_conversion(each)) for each in _latest(organization, ids)),
    )


def _credited(
    behind: PartsBehind, target: Mapping[str, int | None], by_model: Mapping[CreditModel, CreditRow]
) -> Credited:
    figures = tuple(
        (model, *_figure(row), behind.address(model, **target)) for model, row in by_model.items()
    )
    return Credited(kind_label(behind.kind), figures, by_model)


def _figure(row: CreditRow) -> tuple[str, str]:
    money = [format_money(amount, currency) for currency, amount in sorted(row.amounts.items()) if amount]
    return Figure(row.number, row.number, "").number_said, " · ".join(money)


def _latest(organization: Organization, link_ids: list[int]) -> QuerySet[Conversion]:
    touched = Touch.objects.filter(link__in=link_ids).values("conversion")
    conversions = Conversion.objects.filter(organization=organization, pk__in=touched, voided_at=None)
    return conversions.order_by("-occurred_at", "-pk")[:_LATEST]
