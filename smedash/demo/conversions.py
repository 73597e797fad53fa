"""What it earned: customers at the counter, orders that the shop reports, tracked links and who followed them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from accounts.models import Organization
from monitoring.conversions.clicks.storing import FollowedLink, store_clicks
from monitoring.conversions.models import Channel, Goal, Kind, Origin, TrackedLink
from monitoring.conversions.services.goals import set_goal
from monitoring.conversions.services.links import SlugTaken, create_link
from monitoring.conversions.services.recording import Report, record_conversions
from smedash.demo.business import AIM, CURRENCY, WEBSITE
from smedash.demo.calendar import Timeline, is_campaign, usual, viral_echo

BATCH = 1_000
_AT_THE_COUNTER = 6.2  # customers a day who say where they heard of us
_ONLINE = 2.3  # orders a day through a tracked link
_HEARD = {
    Channel.INSTAGRAM: 24, Channel.TIKTOK: 9, Channel.FACEBOOK: 6, Channel.GOOGLE: 18, Channel.FRIEND: 19,
    Channel.WALK_IN: 15, Channel.BLUESKY: 5, Channel.MASTODON: 4,
}  # fmt: skip


@dataclass(frozen=True)
class LinkPlan:
    """A tracked link: from when to when it is used, in days before the last, and how many follow it a day."""

    label: str
    slug: str
    channel: Channel
    a_day: float
    begins: int
    ends: int = 0


_LINKS = (
    LinkPlan("Bluesky profile", "halden-sky", Channel.BLUESKY, 5.5, 700),
    LinkPlan("Instagram bio", "halden-gram", Channel.INSTAGRAM, 9.0, 720),
    LinkPlan("Mastodon profile", "halden-toot", Channel.MASTODON, 3.0, 690),
    LinkPlan("Pinned post on X", "halden-x", Channel.X, 2.5, 610),
    LinkPlan("Brewing tips on YouTube", "halden-tips", Channel.YOUTUBE, 3.5, 330),
    LinkPlan("Refill month", "halden-refill", Channel.INSTAGRAM, 14.0, 19, 4),
    LinkPlan("Spring flyer", "halden-flyer", Channel.PRINT, 2.0, 420, 300),
)


def write_conversions(*, organization: Organization, timeline: Timeline) -> None:
    goal = set_goal(organization=organization, aim=AIM)
    Goal.objects.filter(pk=goal.pk).update(created_at=timeline.begins_at)
    links = [(plan, _make_link(organization, plan, timeline)) for plan in _LINKS]
    clicks = list(_clicks(links, timeline))
    for start in range(0, len(clicks), BATCH):
        store_clicks(clicks[start : start + BATCH])
    record_conversions(organization=organization, reports=_reports(links, timeline))


def _make_link(organization: Organization, plan: LinkPlan, timeline: Timeline) -> TrackedLink:
    def make(slug: str) -> TrackedLink:
        return create_link(
            organization=organization,
            target=f"{WEBSITE}/shop",
            label=plan.label,
            channel=plan.channel,
            slug=slug,
        )

    try:
        link = make(plan.slug)
    except SlugTaken:  # by a demo that is being deleted
        link = make("")
    begun = timeline.starts_at(min(plan.begins, timeline.days - 1))
    archived = timeline.starts_at(plan.ends) if plan.ends > timeline.days // 3 else None
    TrackedLink.objects.filter(pk=link.pk).update(created_at=begun, archived_at=archived)
    return link


def _pull(age: int, timeline: Timeline) -> float:
    """How many customers a day brings. They come about two days after people have talked."""
    grown = 0.65 + 0.7 * timeline.progress(age)
    return usual(timeline.day(age)) * grown * (1 + 0.7 * viral_echo(age + 2) + 0.35 * is_campaign(age + 2))


def _clicks(links: list[tuple[LinkPlan, TrackedLink]], timeline: Timeline) -> Iterator[FollowedLink]:
    for plan, link in links:
        random = timeline.random("clicks", plan.slug)
        for age in timeline.ages():
            if not plan.ends <= age <= plan.begins:
                continue
            for _number in range(_about(plan.a_day * _pull(age, timeline), random)):
                yield from _visit(link, age, timeline, random)


def _visit(link: TrackedLink, age: int, timeline: Timeline, random: Random) -> Iterator[FollowedLink]:
    moment = timeline.moment(age, random)
    visitor, is_bot = f"{random.getrandbits(128):032x}", random.random() < 0.08
    again = (
        [timedelta(0)] if random.random() > 0.1 else [timedelta(0), timedelta(minutes=random.randint(1, 20))]
    )
    for later in again:
        number = random.getrandbits(96) | link.pk << 96 & (1 << 128) - 1
        if moment is not None:
            yield FollowedLink(
                click_id=UUID(int=number),
                link_id=link.pk,
                clicked_at=moment + later,
                visitor=visitor,
                is_bot=is_bot,
            )


def _reports(links: list[tuple[LinkPlan, TrackedLink]], timeline: Timeline) -> Iterator[Report]:
    random = timeline.random("orders")
    number = 0
    for age in timeline.ages():
        pull = _pull(age, timeline)
        open_today = timeline.day(age).isoweekday() != 7
        for _customer in range(_about(_AT_THE_COUNTER * pull, random) if open_today else 0):
            number += 1
            yield from _at_the_counter(number, age, timeline, random)
        used = [(plan, link) for plan, link in links if plan.ends <= age <= plan.begins]
        for _order in range(_about(_ONLINE * pull, random)):
            number += 1
            yield from _online(number, age, used, timeline, random)


def _at_the_counter(number: int, age: int, timeline: Timeline, random: Random) -> Iterator[Report]:
    start = timeline.starts_at(age) + timedelta(hours=8)
    moment = start + timedelta(seconds=random.randrange(10 * 3600))
    heard = random.choices(list(_HEARD), list(_HEARD.values()))[0]
    amount = _amount(random, usual_amount=11.5)
    if moment <= timeline.now:
        yield Report(
            kind=Kind.ORDER,
            origin=Origin.COUNTER,
            idempotency_key=f"counter-{number}",
            occurred_at=moment,
            amount=amount,
            currency=CURRENCY,
            heard_of_us_from=heard,
        )


def _online(
    number: int,
    age: int,
    links: list[tuple[LinkPlan, TrackedLink]],
    timeline: Timeline,
    random: Random,
) -> Iterator[Report]:
    moment = timeline.moment(age, random)
    weights = [plan.a_day for plan, _link in links]
    link = random.choices([link for _plan, link in links], weights)[0] if links else None
    amount = _amount(random, usual_amount=31)
    if moment is not None:
        yield Report(
            kind=Kind.ORDER,
            origin=Origin.API,
            idempotency_key=f"order-{10_000 + number}",
            occurred_at=moment,
            amount=amount,
            currency=CURRENCY,
            link=link,
        )


def _about(expected: float, random: Random) -> int:
    return int(expected * random.uniform(0.6, 1.4) + random.random())


def _amount(random: Random, *, usual_amount: float) -> Decimal:
    cents = round(usual_amount * math.exp(random.gauss(0, 0.45)) * 10) * 10
    return Decimal(cents) / 100
