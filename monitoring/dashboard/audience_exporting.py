"""The audience page as tables to take away: followers by day, and our posts with what they brought."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.audience.models import PublishedPost
from monitoring.audience.selectors.followers import followers_per_day
from monitoring.conversions.exporting.campaigns import sales_cells, sales_columns
from monitoring.conversions.models.conversions import kind_label
from monitoring.conversions.selectors.credits_compared import compare_last_touch
from monitoring.dashboard.audience_worth import read_worth
from monitoring.lib.exporting import Cell, ExportedTable
from monitoring.lib.periods import Period
from monitoring.listening.models import BrandKind, TrackedProfile
from monitoring.platforms.registry import connector_class

_AT_ONCE: Final = 500


def export_followers(*, organization: Organization, period: Period) -> ExportedTable:
    """Each profile on each day of the period. A day on which nobody measured has an empty cell."""
    columns = [_("Profile"), _("Platform"), _("Whose"), _("Day"), _("Followers"), _("Change")]
    return ExportedTable(
        name=f"{organization.name} followers",
        title=_("Followers"),
        columns=columns,
        rows=_follower_rows(organization, period),
    )


def _follower_rows(organization: Organization, period: Period) -> Iterator[list[Cell]]:
    followed = TrackedProfile.objects.filter(organization=organization).select_related("brand")
    for profile in followed.order_by("brand__name", "platform", "pk"):
        named = [profile.handle, connector_class(profile.platform).platform.name, profile.brand.name]
        yesterday: int | None = None
        for day, followers in followers_per_day(profile_id=profile.pk, period=period).items():
            gained = None if followers is None or yesterday is None else followers - yesterday
            yield [*named, day, followers, gained]
            yesterday = followers


def export_posts(*, organization: Organization, period: Period, kind: str) -> ExportedTable:
    """Our own posts published in the period, newest first, with what their links brought in it by last touch."""
    return ExportedTable(
        name=f"{organization.name} posts",
        title=_("Posts"),
        columns=[
            _("Published"),
            _("Profile"),
            _("Platform"),
            _("Post"),
            _("Address"),
            _("Kind"),
            _("Likes"),
            _("Replies"),
            _("Shares"),
            _("Quotes"),
            _("Views"),
            _("Interactions"),
            _("Visits"),
            kind_label(kind),
            _("Sales in %(currency)s") % {"currency": organization.currency},
        ],
        rows=_post_rows(organization, period, kind),
    )


def _post_rows(organization: Organization, period: Period, kind: str) -> Iterator[list[Cell]]:
    now, _before = compare_last_touch(organization=organization, period=period, kind=kind)
    for post in _posts(organization, period).iterator(chunk_size=_AT_ONCE):
        row = now.posts.get(post.pk)
        yield [
            post.published_at.astimezone(period.zone),
            post.profile.handle,
            connector_class(post.platform).platform.name,
            post.title or post.text,
            post.web_address,
            post.kind_said,
            post.likes,
            post.replies,
            post.shares,
            post.quotes,
            post.views,
            post.interactions,
            row.visits if row else None,
            row.number if row else Decimal(0),
            row.amount_in(organization.currency) if row else Decimal(0),
        ]


def _posts(organization: Organization, period: Period) -> QuerySet[PublishedPost]:
    return (
        PublishedPost.objects.filter(
            organization=organization,
            brand__kind=BrandKind.OWN,
            published_at__gte=period.starts_at,
            published_at__lt=period.ends_at,
        )
        .select_related("profile")
        .order_by("-published_at", "-pk")
    )


def export_worth(*, organization: Organization, period: Period, kind: str) -> ExportedTable:
    """What each platform took and brought, in the period and in the one before."""
    credited = compare_last_touch(organization=organization, period=period, kind=kind)
    worth = read_worth(organization=organization, period=period, kind=kind, credited=credited)
    rows: list[list[Cell]] = [
        [row.label, said, effort.posts, effort.minutes, effort.visits, effort.results, *sales]
        for row in worth.rows
        for said, effort in ((_("This period"), row.now), (_("The period before"), row.before))
        for sales in (sales_cells(effort.amounts, organization.currency),)
    ]
    return ExportedTable(
        name=f"{organization.name} platforms",
        title=_("Platforms"),
        columns=[
            _("Platform"),
            _("When"),
            _("Posts"),
            _("Minutes"),
            _("Visits"),
            kind_label(kind),
            *sales_columns(organization.currency),
        ],
        rows=rows,
    )
