"""Single expenses and stretches of work, for lists; and what people's week looks like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Generic, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Sum

from accounts.models import Organization, User
from monitoring.audience.models import PublishedPost
from monitoring.conversions.models import Campaign, Spend, TimeSpent
from monitoring.lib.periods import local_day, week_of
from monitoring.listening.models import BrandKind

PAGE_SIZE: Final = 20
_AT_ONCE: Final = 500
_OFFERED_POSTS: Final = 40
_OFFERED_CAMPAIGNS: Final = 200

Entry = TypeVar("Entry", Spend, TimeSpent)


@dataclass(frozen=True)
class EntryPage(Generic[Entry]):
    """`older` and `newer` are the cursors of the neighboring pages, empty where there is none."""

    entries: Sequence[Entry]
    older: str
    newer: str


def page_of_spend(*, organization: Organization, before: str = "", after: str = "") -> EntryPage[Spend]:
    """Newest first. What is no cursor counts as none."""
    entries = Spend.objects.filter(organization=organization).select_related("campaign", "post")
    return _page(entries, "first_day", before, after)


def page_of_time(*, organization: Organization, before: str = "", after: str = "") -> EntryPage[TimeSpent]:
    """Newest first, without the timers that run."""
    entries = TimeSpent.objects.filter(organization=organization).exclude(minutes=None)
    return _page(entries.select_related("campaign", "post", "user"), "day", before, after)


def every_expense(*, organization: Organization) -> Iterator[Spend]:
    """Newest first, read in batches."""
    entries = Spend.objects.filter(organization=organization).select_related("campaign", "post")
    return entries.order_by("-first_day", "-pk").iterator(chunk_size=_AT_ONCE)


def every_stretch(*, organization: Organization) -> Iterator[TimeSpent]:
    """Newest first, read in batches, without the timers that run."""
    entries = TimeSpent.objects.filter(organization=organization).exclude(minutes=None)
    chosen = entries.select_related("campaign", "post", "user").order_by("-day", "-pk")
    return chosen.iterator(chunk_size=_AT_ONCE)


def find_running_timer(*, organization: Organization, user: User) -> TimeSpent | None:
    running = TimeSpent.objects.filter(organization=organization, user=user, minutes=None)
    return running.select_related("campaign", "post").first()


def minutes_this_week(*, organization: Organization, now: datetime) -> int:
    """Of everybody, since the organization's week began."""
    today = local_day(now, ZoneInfo(organization.time_zone))
    worked = TimeSpent.objects.filter(
        organization=organization, day__range=(week_of(today, organization.week_start), today)
    )
    return worked.aggregate(minutes=Sum("minutes", default=0))["minutes"]  # type: ignore[no-any-return]  # the sum


def offered_campaigns(*, organization: Organization, chosen: int | None = None) -> list[Campaign]:
    """Those that are not put aside, the latest first, and the one that was chosen."""
    campaigns = Campaign.objects.filter(organization=organization)
    offered = campaigns.filter(Q(archived_at=None) | Q(pk=chosen))
    return list(offered.order_by("-starts_on", "-pk")[:_OFFERED_CAMPAIGNS])


def offered_posts(*, organization: Organization, chosen: int | None = None) -> list[PublishedPost]:
    """Our latest posts, and the one that was chosen, however old."""
    own = PublishedPost.objects.filter(organization=organization, brand__kind=BrandKind.OWN)
    own = own.only("title", "text", "platform", "published_at", "organization_id")
    latest = list(own.filter(removed_at=None).order_by("-published_at", "-pk")[:_OFFERED_POSTS])
    if chosen is None or any(post.pk == chosen for post in latest):
        return latest
    return [*own.filter(pk=chosen), *latest]


def _page(entries: QuerySet[Entry], day: str, before: str, after: str) -> EntryPage[Entry]:
    older_than, newer_than = _read_cursor(before), _read_cursor(after)
    if newer_than and not older_than:
        rows = list(entries.filter(_beyond("gt", day, newer_than)).order_by(day, "pk")[: PAGE_SIZE + 1])
        has_newer, has_older, rows = len(rows) > PAGE_SIZE, True, rows[:PAGE_SIZE][::-1]
    else:
        if older_than:
            entries = entries.filter(_beyond("lt", day, older_than))
        rows = list(entries.order_by(f"-{day}", "-pk")[: PAGE_SIZE + 1])
        has_newer, has_older, rows = older_than is not None, len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    return EntryPage(
        rows,
        older=_cursor(rows[-1], day) if rows and has_older else "",
        newer=_cursor(rows[0], day) if rows and has_newer else "",
    )


def _beyond(direction: str, day: str, position: tuple[date, int]) -> Q:
    when, entry_id = position
    return Q(**{f"{day}__{direction}": when}) | Q(**{day: when, f"pk__{direction}": entry_id})


def _cursor(entry: Spend | TimeSpent, day: str) -> str:
    return f"{getattr(entry, day):%Y%m%d}.{entry.pk}"


def _read_cursor(text: str) -> tuple[date, int] | None:
    when, _dot, entry_id = text.partition(".")
    try:
        position = date.fromisoformat(when), int(entry_id)
    except ValueError:
        return None
    return position if 0 < position[1] < 2**63 else None
