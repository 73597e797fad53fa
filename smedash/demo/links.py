"""Campaigns, tracked links on profiles and in posts, who followed them, and who came by a tag instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from accounts.models import Organization
from monitoring.audience.models import PublishedPost
from monitoring.conversions.clicks.storing import FollowedLink, store_clicks
from monitoring.conversions.models import Campaign, Channel, Site, TrackedLink
from monitoring.conversions.selectors.return_terms import channel_of_platform
from monitoring.conversions.services.campaigns import CampaignPlan, create_campaign
from monitoring.conversions.services.links import SlugTaken, create_link
from monitoring.conversions.services.site import save_site
from monitoring.conversions.visits.events import Visited
from monitoring.conversions.visits.storing import store_events
from monitoring.listening.models import BrandKind
from smedash.demo.business import WEBSITE
from smedash.demo.calendar import CAMPAIGNS, Timeline, is_campaign, usual, viral_echo

BATCH = 1_000
_LINKED_POSTS = 40
_POST_LIVES = 6  # days in which people still follow the link of a post
_TAGGED_A_DAY = 4.0


@dataclass(frozen=True)
class LinkPlan:
    """A tracked link: from when to when it is used, in days before the last, and how many follow it a day."""

    label: str
    channel: str
    a_day: float
    begins: int
    ends: int = 0
    slug: str = ""
    of_campaign: bool = False
    post: PublishedPost | None = field(default=None, compare=False)


_LINKS = (
    LinkPlan("Bluesky profile", Channel.BLUESKY, 5.5, 700, slug="halden-sky"),
    LinkPlan("Instagram bio", Channel.INSTAGRAM, 9.0, 720, slug="halden-gram"),
    LinkPlan("Mastodon profile", Channel.MASTODON, 3.0, 690, slug="halden-toot"),
    LinkPlan("Pinned post on X", Channel.X, 2.5, 610, slug="halden-x"),
    LinkPlan("Brewing tips on YouTube", Channel.YOUTUBE, 3.5, 330, slug="halden-tips"),
    LinkPlan("Refill month", Channel.INSTAGRAM, 14.0, 19, 4, slug="halden-refill", of_campaign=True),
    LinkPlan("Spring flyer", Channel.PRINT, 2.0, 420, 300, slug="halden-flyer"),
)


@dataclass(frozen=True)
class Arrival:
    """A person who followed a link."""

    click_id: UUID
    at: datetime
    channel: str


@dataclass
class Links:
    """What the orders need to know: the campaigns, the youngest last, and who came on which day."""

    campaigns: list[Campaign]
    arrivals: dict[int, list[Arrival]]  # by age


def write_links(*, organization: Organization, timeline: Timeline) -> Links:
    campaigns = list(_campaigns(organization, timeline))
    plans = [*_LINKS, *_posts(organization, timeline)]
    links = [(plan, _make(organization, plan, campaigns, timeline)) for plan in plans]
    arrivals: dict[int, list[Arrival]] = {}
    clicks = list(_clicks(links, timeline, arrivals))
    for start in range(0, len(clicks), BATCH):
        store_clicks(clicks[start : start + BATCH])
    _write_tagged(organization, timeline)
    return Links(campaigns, arrivals)


def pull(age: int, timeline: Timeline) -> float:
    """How many customers a day brings. They come about two days after people have talked."""
    grown = 0.65 + 0.7 * timeline.progress(age)
    return usual(timeline.day(age)) * grown * (1 + 0.7 * viral_echo(age + 2) + 0.35 * is_campaign(age + 2))


def about(expected: float, random: Random) -> int:
    return int(expected * random.uniform(0.6, 1.4) + random.random())


def _campaigns(organization: Organization, timeline: Timeline) -> Iterator[Campaign]:
    for number, span in enumerate(span for span in CAMPAIGNS if span.begins < timeline.days):
        day = timeline.day(span.begins)
        plan = CampaignPlan(
            name=f"Refill month {day.year}",
            slug=f"refill-month-{day.year}",
            starts_on=day,
            ends_on=timeline.day(span.ends),
            coupons=(f"REFILL{15 + number}",),
            coupon_channel=Channel.INSTAGRAM,
        )
        yield create_campaign(organization=organization, plan=plan)


def _posts(organization: Organization, timeline: Timeline) -> Iterator[LinkPlan]:
    """The latest own posts that had something to link to."""
    posts = PublishedPost.objects.filter(
        organization=organization, brand__kind=BrandKind.OWN, kind__in=("tip", "product", "offer", "question")
    )
    for post in posts.select_related("profile").order_by("-published_at")[:_LINKED_POSTS]:
        age = (timeline.today - post.published_at.astimezone(timeline.zone).date()).days
        yield LinkPlan(
            label=post.text[:80] or "Post",
            channel=channel_of_platform(post.platform),
            a_day=0.3 + post.interactions / 60,
            begins=age,
            ends=max(0, age - _POST_LIVES),
            of_campaign=is_campaign(age),
            post=post,
        )


def _make(
    organization: Organization, plan: LinkPlan, campaigns: list[Campaign], timeline: Timeline
) -> TrackedLink:
    def make(slug: str) -> TrackedLink:
        return create_link(
            organization=organization,
            target=f"{WEBSITE}/shop",
            label=plan.label,
            channel=plan.channel,
            slug=slug,
            post=plan.post,
            campaign=campaigns[-1] if plan.of_campaign and campaigns else None,
        )

    try:
        link = make(plan.slug)
    except SlugTaken:  # by a demo that is being deleted
        link = make("")
    begun = timeline.starts_at(min(plan.begins, timeline.days - 1))
    archived = timeline.starts_at(plan.ends) if plan.ends > timeline.days // 3 else None
    TrackedLink.objects.filter(pk=link.pk).update(created_at=begun, archived_at=archived)
    return link


def _clicks(
    links: Iterable[tuple[LinkPlan, TrackedLink]], timeline: Timeline, arrivals: dict[int, list[Arrival]]
) -> Iterator[FollowedLink]:
    for plan, link in links:
        random = timeline.random("clicks", plan.slug or plan.label)
        for age in timeline.ages():
            if not plan.ends <= age <= plan.begins:
                continue
            for _number in range(about(plan.a_day * pull(age, timeline), random)):
                for click in _visit(link, age, timeline, random):
                    if not click.is_bot:
                        arrival = Arrival(click.click_id, click.clicked_at, plan.channel)
                        arrivals.setdefault(age, []).append(arrival)
                    yield click


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
                clicked_at=min(moment + later, timeline.now),
                visitor=visitor,
                is_bot=is_bot,
            )


def _write_tagged(organization: Organization, timeline: Timeline) -> None:
    """Visits by a tag of an advertisement, which has no link of ours."""
    site = save_site(organization=organization, hosts=["halden.example"], asks_how_heard=True)
    visits = list(_tagged(site, timeline))
    for start in range(0, len(visits), BATCH):
        store_events(visits[start : start + BATCH])


def _tagged(site: Site, timeline: Timeline) -> Iterator[Visited]:
    random = timeline.random("tagged")
    for age in timeline.ages():
        for _number in range(about(_TAGGED_A_DAY * pull(age, timeline), random)):
            moment = timeline.moment(age, random)
            if moment is not None:
                source = random.choice(("facebook", "tiktok", "newsletter"))
                yield Visited(
                    site_id=site.pk,
                    visit_id=UUID(int=random.getrandbits(128)),
                    at=moment,
                    visitor=f"{random.getrandbits(128):032x}",
                    tags={
                        "utm_source": source,
                        "utm_medium": "social" if source != "newsletter" else "email",
                    },
                    landing="/shop",
                )
