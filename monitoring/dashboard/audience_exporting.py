"""The audience page as tables to take away: followers, posts and what they brought, who is heard, who stayed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from functools import cache, partial
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.audience.models import PublishedPost
from monitoring.audience.selectors.followers import followers_per_day
from monitoring.conversions.exporting.campaigns import sales_cells, sales_columns
from monitoring.conversions.models.conversions import kind_label
from monitoring.conversions.selectors.counting import what_counts
from monitoring.conversions.selectors.credits_compared import compare_last_touch
from monitoring.conversions.selectors.goals import find_goal
from monitoring.dashboard.audience_people import People, read_people
from monitoring.dashboard.audience_quality import Quality, read_quality
from monitoring.dashboard.audience_worth import read_worth
from monitoring.lib.exporting import Cell, ExportedTable
from monitoring.lib.periods import Period
from monitoring.listening.models import BrandKind, TrackedProfile
from monitoring.listening.showing.choosing import Choice
from monitoring.platforms.registry import connector_class

_AT_ONCE: Final = 500


def tables_of_audience(choice: Choice, now: datetime) -> dict[str, Callable[[], ExportedTable]]:
    """By the name that an address calls them; made when they are asked for."""
    organization, period = choice.organization, choice.period
    kind = what_counts(find_goal(organization=organization)).kind
    # A workbook holds several tables of the same reading.
    quality = cache(partial(read_quality, organization=organization, period=period, now=now))
    people = cache(partial(read_people, choice=choice, now=now))
    return {
        "followers": partial(export_followers, organization=organization, period=period),
        "posts": partial(export_posts, organization=organization, period=period, kind=kind),
        "worth": partial(export_worth, organization=organization, period=period, kind=kind),
        "quality": partial(_quality, choice, quality),
        "stayed": partial(_stayed, choice, quality),
        "people": partial(_people, choice, people),
        "words": partial(_words, choice, people),
        "hours": partial(_hours, choice, people),
    }


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


def _quality(choice: Choice, quality: Callable[[], Quality]) -> ExportedTable:
    """People who spoke about us within a year, beside our followers there; the year before, too."""
    found = quality()
    rows: list[list[Cell]] = [
        [
            connector_class(each.platform).platform.name,
            each.followers,
            each.people.number,
            _exactness(each.people.is_exact),
            each.followers_before,
            each.people_before.number,
            _exactness(each.people_before.is_exact),
        ]
        for each in found.heard
    ]
    return ExportedTable(
        name=f"{choice.organization.name} people heard",
        title=_("People heard"),
        columns=[
            _("Platform"),
            _("Followers"),
            _("People heard"),
            _("An estimate"),
            _("Followers a year before"),
            _("People heard a year before"),
            _("An estimate, a year before"),
        ],
        rows=rows,
    )


def _exactness(is_exact: bool) -> str:
    return "" if is_exact else _("yes")


def _stayed(choice: Choice, quality: Callable[[], Quality]) -> ExportedTable:
    """Followers before, at the end of and 30 days after each promotion. What nobody measured is empty."""
    found = quality()
    rows: list[list[Cell]] = [
        [
            each.name,
            _("Boost") if each.is_boost else _("Campaign"),
            each.first,
            each.last,
            each.before,
            each.at_end,
            each.later,
            each.gained,
            each.stayed,
            each.measured,
            each.profiles,
        ]
        for each in found.promotions
    ]
    return ExportedTable(
        name=f"{choice.organization.name} promotions",
        title=_("Promotions"),
        columns=[
            _("Promotion"),
            _("Kind"),
            _("First day"),
            _("Last day"),
            _("Followers before"),
            _("Followers at its end"),
            _("Followers 30 days later"),
            _("Gained"),
            _("Stayed"),
            _("Profiles measured"),
            _("Profiles"),
        ],
        rows=rows,
    )


def _people(choice: Choice, people: Callable[[], People]) -> ExportedTable:
    """Who is here, platform by platform."""
    rows: list[list[Cell]] = [
        [
            connector_class(each.voices.platform).platform.name,
            each.voices.mentions,
            each.voices.before,
            tuple(f"{spoken.language} {spoken.mentions}" for spoken in each.languages),
            tuple(each.words),
            each.busiest,
        ]
        for each in people().platforms
    ]
    return ExportedTable(
        name=f"{choice.organization.name} who is here",
        title=_("Who is here"),
        columns=[
            _("Platform"),
            _("Mentions"),
            _("Before"),
            _("Languages"),
            _("Topics"),
            _("Most from"),
        ],
        rows=rows,
    )


def _words(choice: Choice, people: Callable[[], People]) -> ExportedTable:
    rows: list[list[Cell]] = [
        [each.brand.name, word.name, word.mentions] for each in people().words for word in each.words
    ]
    return ExportedTable(
        name=f"{choice.organization.name} words",
        title=_("Their words"),
        columns=[_("Brand"), _("Word"), _("Mentions")],
        rows=rows,
    )


def _hours(choice: Choice, people: Callable[[], People]) -> ExportedTable:
    """By the clock of the organization."""
    rows: list[list[Cell]] = [[block.label, block.mentions] for block in people().blocks]
    return ExportedTable(
        name=f"{choice.organization.name} hours",
        title=_("Their hours"),
        columns=[_("Hours"), _("Mentions")],
        rows=rows,
    )
