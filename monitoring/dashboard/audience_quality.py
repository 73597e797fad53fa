"""How good followers are: who of them is ever heard, and how many stay after a promotion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.audience.selectors.followers import followers_at
from monitoring.conversions.models import Campaign, Spend
from monitoring.conversions.models.channels import channel_label
from monitoring.conversions.naming import name_post
from monitoring.lib.figures import format_number
from monitoring.lib.periods import ONE_DAY, Period, last_days, local_midnight
from monitoring.listening.models import Brand, BrandKind, TrackedProfile
from monitoring.listening.selectors.counts import Estimate, sum_period
from monitoring.listening.selectors.voices import authors_by_platform
from monitoring.platforms.registry import connector_class

YEAR: Final = 365
LATER: Final = timedelta(days=30)
ENOUGH_GAINED: Final = 10  # of fewer new followers, the share that stayed is chance
SHOWN: Final = 12

Readings = Mapping[int, Mapping[datetime, int | None]]


@dataclass(frozen=True, kw_only=True)
class Heard:
    """People who spoke about us on a platform within a year, beside our followers there."""

    platform: str
    followers: int | None
    people: Estimate
    followers_before: int | None
    people_before: Estimate

    @property
    def share(self) -> float | None:
        return _share(self.people.number, self.followers)

    @property
    def share_before(self) -> float | None:
        return _share(self.people_before.number, self.followers_before)

    @property
    def is_more(self) -> bool:
        """More people speak than follow: most of them are no followers."""
        return bool(self.followers) and self.people.number > (self.followers or 0)


class Stage(StrEnum):
    RUNNING = "running"
    WAITING = "waiting"  # for its thirtieth day after the end
    OVER = "over"


@dataclass(frozen=True, kw_only=True)
class Promotion:
    """A campaign or a boost, and the followers of the profiles that were measured when it began and when it ended."""

    name: str
    is_boost: bool
    first: date
    last: date | None
    stage: Stage
    profiles: int
    measured: int
    before: int | None
    at_end: int | None
    later: int | None

    @property
    def gained(self) -> int | None:
        return None if self.before is None or self.at_end is None else self.at_end - self.before

    @property
    def stayed(self) -> int | None:
        return None if self.before is None or self.later is None else self.later - self.before

    @property
    def share(self) -> float | None:
        """Of what was gained, what was still there 30 days later."""
        if self.stayed is None or not self.gained or self.gained < ENOUGH_GAINED:
            return None
        return self.stayed / self.gained


@dataclass(frozen=True)
class Quality:
    heard: Sequence[Heard]
    promotions: Sequence[Promotion]

    @property
    def finding(self) -> str:
        best = max(self.heard, key=lambda each: each.share or 0, default=None)
        if best is None or not best.share:
            return _("Too early to say how many of your followers are heard")
        number = format_number(round(best.share * 100, 1))
        return _("Most are heard on %(platform)s: %(people)s people for each 100 followers") % {
            "platform": connector_class(best.platform).platform.name,
            "people": number if best.people.is_exact else f"~{number}",
        }


@dataclass(frozen=True)
class _Planned:
    """What is known of a promotion before anybody's followers are looked up."""

    name: str
    is_boost: bool
    first: date
    last: date | None
    profile_ids: tuple[int, ...]


def read_quality(*, organization: Organization, period: Period, now: datetime) -> Quality:
    """Eight queries. The chosen period does not matter: it takes a year to be heard. Only its zone does."""
    year = last_days(YEAR, now=now, zone=period.zone)
    own = TrackedProfile.objects.filter(organization=organization, brand__kind=BrandKind.OWN)
    platforms = dict(own.order_by("pk").values_list("pk", "platform"))
    planned = _planned(organization, year, tuple(platforms))
    ends = [year.ends_at, year.starts_at]
    moments = sorted({*ends, *(moment for each in planned for moment in _moments(each, period) if moment)})
    found = followers_at(profile_ids=platforms, moments=[min(moment, now) for moment in moments])
    readings = {pk: dict(zip(moments, values, strict=True)) for pk, values in found.items()}
    brands = Brand.objects.filter(organization=organization, kind=BrandKind.OWN)
    return Quality(
        _heard(list(brands), platforms, readings, year) if platforms else [],
        [_promotion(each, readings, period, now) for each in planned],
    )


def _heard(
    brands: list[Brand], platforms: Mapping[int, str], readings: Readings, year: Period
) -> list[Heard]:
    before = year.previous()
    people, people_before = (
        authors_by_platform(
            brands=brands, period=each, mentions=sum_period(brands=brands, period=each).mentions
        )
        for each in (year, before)
    )
    profiles: dict[str, list[int]] = defaultdict(list)
    for profile_id, platform in platforms.items():
        profiles[platform].append(profile_id)
    rows = (
        Heard(
            platform=platform,
            followers=_all_known(readings[pk][year.ends_at] for pk in ids),
            people=people.get(platform, Estimate(0, is_exact=True)),
            followers_before=_all_known(readings[pk][year.starts_at] for pk in ids),
            people_before=people_before.get(platform, Estimate(0, is_exact=True)),
        )
        for platform, ids in profiles.items()
    )
    return sorted(rows, key=lambda row: (-(row.followers or 0), row.platform))


def _planned(organization: Organization, year: Period, profile_ids: tuple[int, ...]) -> list[_Planned]:
    """The latest campaigns and boosts that ran within a year. A campaign may be on all profiles, a boost is on one."""
    of_a_year = Q(ends_on=None) | Q(ends_on__gte=year.first)
    campaigns = Campaign.objects.filter(of_a_year, organization=organization, starts_on__lte=year.last)
    boosts = Spend.objects.filter(
        organization=organization,
        kind=Spend.Kind.BOOST,
        first_day__lte=year.last,
        last_day__gte=year.first,
    ).select_related("post")
    planned = [
        *(
            _Planned(campaign.name, False, campaign.starts_on, campaign.ends_on, profile_ids)
            for campaign in campaigns.order_by("-starts_on", "-pk")[:SHOWN]
        ),
        *(_boost(spend) for spend in boosts.order_by("-first_day", "-pk")[:SHOWN]),
    ]
    return sorted(planned, key=lambda each: each.first, reverse=True)[:SHOWN]


def _boost(spend: Spend) -> _Planned:
    name = name_post(spend.post) if spend.post else channel_label(spend.channel)
    profile_ids = (spend.post.profile_id,) if spend.post else ()
    return _Planned(name, True, spend.first_day, spend.last_day, profile_ids)


def _moments(planned: _Planned, period: Period) -> tuple[datetime, datetime | None, datetime | None]:
    """Its beginning, its end, and thirty days after."""
    begins = local_midnight(planned.first, period.zone)
    if planned.last is None:
        return begins, None, None
    after = planned.last + ONE_DAY
    return begins, local_midnight(after, period.zone), local_midnight(after + LATER, period.zone)


def _promotion(planned: _Planned, readings: Readings, period: Period, now: datetime) -> Promotion:
    begins, ends, later = _moments(planned, period)
    is_over, is_long_over = bool(ends and ends <= now), bool(later and later <= now)
    known = [readings[pk] for pk in planned.profile_ids if pk in readings]
    both = [each for each in known if ends and _is_measured(each, begins, ends)] if is_over else []
    return Promotion(
        name=planned.name,
        is_boost=planned.is_boost,
        first=planned.first,
        last=planned.last,
        stage=Stage.OVER if is_long_over else Stage.WAITING if is_over else Stage.RUNNING,
        profiles=len(planned.profile_ids),
        measured=len(both),
        before=_all_known(each[begins] for each in both),
        at_end=_all_known(each[ends] for each in both) if ends else None,
        later=_all_known(each[later] for each in both) if later and is_long_over else None,
    )


def _is_measured(readings: Mapping[datetime, int | None], *moments: datetime) -> bool:
    return all(readings[moment] is not None for moment in moments)


def _all_known(values: Iterable[int | None]) -> int | None:
    """The sum; None where one is unknown, or where there is none."""
    known = list(values)
    counted = [value for value in known if value is not None]
    return sum(counted) if counted and len(counted) == len(known) else None


def _share(people: int, followers: int | None) -> float | None:
    return people / followers if followers and people <= followers else None
