"""What it took: advertisements, boosted posts, hours; and what the business says about itself."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from accounts.models import Organization, User
from monitoring.audience.models import PublishedPost
from monitoring.conversions.models import Channel
from monitoring.conversions.money.own_rates import EnteredRate, save_rates
from monitoring.conversions.services.costs import Expense, boost, record_spend, set_assumptions
from monitoring.conversions.services.time_spent import Place, record_time
from monitoring.lib.periods import month_of
from monitoring.listening.models import BrandKind
from smedash.demo.business import CURRENCY, NEIGHBORS_CURRENCY
from smedash.demo.calendar import Timeline
from smedash.demo.links import Links

_MARGIN, _HOUR, _MINUTES = Decimal(52), Decimal(24), 150
_ADVERTISED = ((Channel.INSTAGRAM, Decimal("7.50")), (Channel.TIKTOK, Decimal(4)))
_BOOSTS = 4
_WORKED = (
    (0, Channel.INSTAGRAM, 35),
    (2, Channel.BLUESKY, 25),
    (3, Channel.MASTODON, 15),
    (4, Channel.X, 30),
)


def write_costs(*, organization: Organization, timeline: Timeline, links: Links) -> None:
    set_assumptions(
        organization=organization,
        margin=_MARGIN,
        hourly_rate=_HOUR,
        minutes_a_week=_MINUTES,
        window_days=30,
        half_life_days=7,
    )
    _write_rates(organization, timeline)
    _write_advertisements(organization, timeline, links)
    _write_boosts(organization, timeline)
    _write_hours(organization, timeline)


def _write_rates(organization: Organization, timeline: Timeline) -> None:
    """Invented like everything here, and so the organization's own: the first of each month."""
    random = timeline.random("rates")
    months = sorted({month_of(timeline.day(age))[0] for age in timeline.ages()})
    save_rates(
        organization=organization,
        rates=[
            EnteredRate(NEIGHBORS_CURRENCY, month, Decimal(str(round(random.uniform(0.93, 0.97), 4))))
            for month in months
        ],
    )


def _write_advertisements(organization: Organization, timeline: Timeline, links: Links) -> None:
    for campaign in links.campaigns:
        for channel, amount in _ADVERTISED:
            expense = Expense(
                amount_a_day=amount,
                currency=CURRENCY,
                first_day=campaign.starts_on,
                last_day=campaign.ends_on or timeline.today,
                channel=channel,
                campaign=campaign,
            )
            _spend(organization, expense, f"{campaign.slug}-{channel}")


def _write_boosts(organization: Organization, timeline: Timeline) -> None:
    """The posts that did best lately are helped along for a week."""
    recent = PublishedPost.objects.filter(
        organization=organization,
        brand__kind=BrandKind.OWN,
        published_at__gte=timeline.starts_at(min(90, timeline.days - 1)),
    )
    for post in recent.order_by("-interactions")[:_BOOSTS]:
        first = post.published_at.astimezone(timeline.zone).date()
        expense = boost(post=post, a_day=Decimal(5), currency=CURRENCY, first_day=first, days=7)
        _spend(organization, expense, f"boost-{post.external_id}"[:200])


def _spend(organization: Organization, expense: Expense, key: str) -> None:
    record_spend(organization=organization, expense=expense, idempotency_key=key)


def _write_hours(organization: Organization, timeline: Timeline) -> None:
    person = User.objects.filter(memberships__organization=organization).order_by("pk").first()
    random = timeline.random("hours")
    for monday in _mondays(timeline):
        for weekday, channel, minutes in _WORKED:
            day = monday + timedelta(days=weekday)
            if timeline.first <= day <= timeline.today:
                worked = minutes + random.randint(-10, 15)
                record_time(
                    organization=organization,
                    minutes=worked,
                    day=day,
                    place=Place(channel=channel),
                    by=person,
                )


def _mondays(timeline: Timeline) -> list[date]:
    first = timeline.first - timedelta(days=timeline.first.weekday())
    return [first + timedelta(weeks=week) for week in range((timeline.today - first).days // 7 + 1)]
