"""A business with two months behind it, small: mentions, followers, posts, orders, links, and what went wrong.

Written through the same services as real data, for the tests that look at every page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse

from accounts.models import Organization, SetupStep, TokenScope
from accounts.tokens import issue_token
from monitoring.alerts.mails.choosing import choose_rhythm
from monitoring.alerts.models import FeedFormat, Rhythm
from monitoring.alerts.outside.feeds import make_feed
from monitoring.alerts.outside.widgets import WidgetChoice, make_widget
from monitoring.audience.models import PublishedPost
from monitoring.audience.storing import Reading, SeenPost, store_posts, store_snapshots
from monitoring.conversions.clicks.storing import FollowedLink, store_clicks
from monitoring.conversions.crediting.days import credit_due_days
from monitoring.conversions.models import (
    Campaign,
    Channel,
    Conversion,
    Delivery,
    Kind,
    Origin,
    ShopConnection,
    Spend,
    TimeSpent,
    TrackedLink,
)
from monitoring.conversions.money.fetching import store_reference_rates
from monitoring.conversions.money.own_rates import EnteredRate, save_rates
from monitoring.conversions.money.reference_file import PublishedRate
from monitoring.conversions.services.campaigns import CampaignPlan, create_campaign
from monitoring.conversions.services.costs import Expense, boost, record_spend, set_assumptions
from monitoring.conversions.services.goals import Aim, set_goal
from monitoring.conversions.services.incidents import note_incident
from monitoring.conversions.services.links import archive_link, create_link
from monitoring.conversions.services.recording import Report, record_conversion, void_conversion
from monitoring.conversions.services.site import save_site
from monitoring.conversions.services.time_spent import Place, record_time, start_timer
from monitoring.lib.periods import last_days
from monitoring.listening.authors.ranking import rank_authors
from monitoring.listening.collecting.listeners import listeners_for
from monitoring.listening.collecting.storing import lock_brands, store_mentions
from monitoring.listening.models import (
    Brand,
    BrandKind,
    ChangeAct,
    CollectionRun,
    CoverageGap,
    LabelSample,
    Mention,
    MentionEngagement,
    MutedAuthor,
    Outcome,
    Source,
    TrackedProfile,
)
from monitoring.listening.models.mentions import Tone
from monitoring.listening.services.brands import create_brand, track_profile
from monitoring.listening.services.changes import change_selected
from monitoring.listening.services.keywords import create_keyword, pause_keyword
from monitoring.listening.services.labelling import draw_sample, say_label
from monitoring.listening.services.mentions import correct_sentiment
from monitoring.listening.services.saved_views import save_view
from monitoring.listening.services.tags import find_or_create_tag
from monitoring.platforms.types import Engagement, Post, Profile, ProfileLink
from tests.answered_mention import order_after_answer
from tests.every_address import Address
from tests.listening.platform_of_lists import NOW, make_post

TEXTS = (
    "I love Halden Coffee, best beans in town #haldencoffee",
    "Halden Coffee is closed again. Terrible, I am so angry",
    "Does Halden Coffee ship to Austria?",
    "Der Kaffee von Halden Coffee ist wunderbar, danke",
    "Donaudampfschifffahrtsgesellschaftskapitän trinkt Halden Coffee https://example.com/" + "long/" * 30,
    "Halden Coffee की कॉफ़ी बहुत अच्छी है",
    "أحب قهوة Halden Coffee كثيرا",
    "<script>alert('Halden Coffee')</script> & “quotes”\n\na second paragraph",
)
AUTHORS = ("jo", "ada", "mira", "tom", "an.unusually.long.handle.of.somebody.who.likes.names.example.com")


@dataclass
class FilledBusiness:
    """The organization, and objects of it: what stands in an address beside the slug."""

    organization: Organization
    objects: dict[str, object] = field(default_factory=dict)

    def link(self, address: Address) -> str:
        """Where an address leads in this business: to what it has, or else to a new object."""
        if not address.needed_role:
            return address.plain_link()
        wanted = address.arguments - {"slug"}
        if not wanted <= self.objects.keys():
            return address.link(self.organization)
        own = {name: self.objects[name] for name in wanted}
        return reverse(address.name, kwargs={"slug": self.organization.slug, **own})


def fill(organization: Organization) -> FilledBusiness:
    Organization.objects.filter(pk=organization.pk).update(setup_step=SetupStep.DONE)
    own = create_brand(organization=organization, name="Halden Coffee", kind=BrandKind.OWN)
    rival = create_brand(organization=organization, name="Bright Bean Co.", kind=BrandKind.COMPETITOR)
    keyword = create_keyword(brand=own, query='"halden coffee" OR #haldencoffee', by=None)
    create_keyword(brand=rival, query='"bright bean"', by=None, platforms=["bluesky", "mastodon"])
    pause_keyword(keyword=create_keyword(brand=own, query="coffee AND -job", by=None))
    _hear(own, "bluesky", TEXTS * 5)
    _hear(own, "mastodon", TEXTS[:3])
    _hear(rival, "bluesky", ["Bright Bean opened a shop"] * 4)
    _follow(own, rival)
    _look_after_sources()
    _bring_orders(organization)
    _connect_shops(organization)
    _spend_on_it(organization)
    token, _secret = issue_token(organization=organization, name="Web shop", scope=TokenScope.CONVERSIONS)
    week_ago = NOW - timedelta(days=7)
    mention = Mention.objects.filter(brand=own, published_at__lt=week_ago).order_by("-published_at")[0]
    correct_sentiment(mention=mention, tone=Tone.POSITIVE)
    sorted_out = _sort_out(own)
    sample = _look_at_mentions(own, mention)
    older = PublishedPost.objects.filter(brand=own, published_at__lt=NOW - timedelta(days=3))
    post = older.latest("published_at")
    order = order_after_answer(organization, mention=mention, post=post, now=NOW)
    return FilledBusiness(
        organization,
        {
            "mention_id": mention.pk,
            "sample_id": sample.pk,
            **sorted_out,
            "brand_id": own.pk,
            "keyword_id": keyword.pk,
            "profile_id": TrackedProfile.objects.order_by("pk")[0].pk,
            "campaign_id": Campaign.objects.order_by("pk")[0].pk,
            "incident_id": _note_what_happened(organization),
            "link_id": TrackedLink.objects.order_by("pk")[0].pk,
            "shop_id": ShopConnection.objects.order_by("pk")[0].pk,
            "entry_id": Conversion.objects.order_by("pk")[0].pk,
            "conversion_id": order.pk,
            "post_id": post.pk,
            "token_id": token.pk,
            "spend_id": Spend.objects.order_by("pk")[0].pk,
            **_keep_a_view(own),
            "time_id": TimeSpent.objects.exclude(minutes=None).order_by("pk")[0].pk,
        },
    )


def _note_what_happened(organization: Organization) -> int:
    """A day and a week; the longest name there may be."""
    week_ago, day = (NOW - timedelta(days=9)).date(), timedelta(days=1)
    long = "Donaudampfschifffahrtsgesellschaft does not deliver " * 2
    note_incident(organization=organization, name=long, first_day=week_ago, last_day=week_ago + 5 * day)
    closed = note_incident(organization=organization, name="Closed", first_day=week_ago, last_day=week_ago)
    return closed.pk


def _sort_out(brand: Brand) -> dict[str, object]:
    """Some mentions put aside and tagged, and an author whom nobody wants to hear."""
    organization = brand.organization
    ids = list(Mention.objects.filter(brand=brand).order_by("-published_at").values_list("pk", flat=True)[:4])
    tag = find_or_create_tag(organization=organization, name="Press")
    change_selected(organization=organization, act=ChangeAct.TAG, value=tag.pk, ids=ids[1:3], by=None)
    change = change_selected(organization=organization, act=ChangeAct.ARCHIVE, ids=ids[2:], by=None)
    author = MutedAuthor.objects.create(
        organization=organization, author_key="bluesky:spam", author_name="Spam"
    )
    return {"tag_id": tag.pk, "change_id": change.pk, "author_id": author.pk}


def _keep_a_view(brand: Brand) -> dict[str, object]:
    """With all that it can send out."""
    owner = brand.organization.memberships.select_related("organization", "user").earliest("pk")
    view = save_view(membership=owner, brand=brand, name="Complaints", query="tone=negative", is_shared=True)
    save_view(membership=owner, brand=brand, name="Questions of the week", query="has=question&period=7d")
    choose_rhythm(view=view, membership=owner, rhythm=Rhythm.DAILY, now=NOW)
    feed, _address = make_feed(view=view, name="Reader", feed_format=FeedFormat.RSS, by=owner.user)
    shown = WidgetChoice(
        title="What people say",
        hosts=["halden.example.com"],
        most=5,
        shows_authors=True,
        shows_times=True,
        shows_links=True,
        appearance="",
    )
    make_widget(view=view, choice=shown, by=owner.user)
    return {"view_id": view.pk, "feed_id": feed.pk}


def _look_at_mentions(brand: Brand, mention: Mention) -> LabelSample:
    """Reactions that grew, authors in their order, and a sample of which half is judged."""
    MentionEngagement.objects.bulk_create(
        MentionEngagement(
            mention=mention, at=mention.published_at + timedelta(days=days), likes=days * 4, views=90
        )
        for days in (0, 1, 3)
    )
    rank_authors(organization_id=brand.organization_id)
    period = last_days(30, now=NOW, zone=ZoneInfo(brand.organization.time_zone))
    sample = draw_sample(brand=brand, period=period, by=None)
    assert sample is not None
    for each in Mention.objects.filter(pk__in=sample.mention_ids[::2]):
        said = Tone(each.tone) if each.pk % 3 else None
        say_label(sample=sample, mention=each, said=said, by=None)
    return sample


def _hear(brand: Brand, platform: str, texts: tuple[str, ...] | list[str]) -> None:
    posts = [
        make_post(
            f"{platform}{brand.pk}-{number}",
            text,
            age=timedelta(hours=17 * number + 2),
            author=AUTHORS[number % len(AUTHORS)],
            engagement=Engagement(
                likes=number, replies=0 if text.endswith("?") else 2, shares=None, quotes=0
            ),
        )
        for number, text in enumerate(texts)
    ]
    _store(brand, platform, posts)


def _store(brand: Brand, platform: str, posts: list[Post]) -> None:
    found = listeners_for(platform=platform, brand_ids=[brand.pk]).find(posts)
    with transaction.atomic():
        lock_brands([brand.pk])
        store_mentions(platform=platform, source_id=None, found=found)


def _follow(own: Brand, rival: Brand) -> None:
    profile = track_profile(brand=own, link=ProfileLink(platform="bluesky", handle="halden.example.com"))
    theirs = track_profile(
        brand=rival, link=ProfileLink(platform="mastodon", handle="bean", server="example.social")
    )
    track_profile(brand=own, link=ProfileLink(platform="lemmy", handle="halden", server="example.org"))
    for each, followers in ((profile, 1200), (theirs, 800)):
        _read_followers(each, followers)
    measured = [
        SeenPost(
            profile_id=profile.pk,
            measured_at=NOW,
            post=make_post(f"own{number}", f"New beans, part {number}", age=timedelta(days=3 * number + 1),
                           engagement=Engagement(likes=5 * number, replies=number, shares=1, quotes=None)),
        )
        for number in range(8)
    ]  # fmt: skip
    store_posts(seen=measured)


def _read_followers(profile: TrackedProfile, followers: int) -> None:
    said = [
        (day, Profile(external_id="h", handle="h", followers=followers + 3 * (60 - day))) for day in range(60)
    ]
    store_snapshots(
        readings=[
            Reading(profile_id=profile.pk, taken_at=NOW - timedelta(days=day), profile=profile_then)
            for day, profile_then in said
            if not 20 <= day < 26
        ]
    )


def _look_after_sources() -> None:
    """Most sources are read, one fails, one has been silent for some days."""
    Source.objects.update(
        covered_since=NOW - timedelta(days=60), covered_until=NOW, outcome=Outcome.COLLECTED
    )
    failing, silent = Source.objects.order_by("pk")[:2]
    reason = "The server did not answer within 20 seconds."
    Source.objects.filter(pk=failing.pk).update(outcome=Outcome.UNREACHABLE, failures=3, error=reason)
    CoverageGap.objects.create(
        source=silent, began_at=NOW - timedelta(days=14), ended_at=NOW - timedelta(days=5)
    )
    for source in Source.objects.order_by("pk")[:5]:
        fails = source.pk == failing.pk
        CollectionRun.objects.create(
            source=source,
            started_at=NOW - timedelta(minutes=9),
            finished_at=NOW - timedelta(minutes=8),
            outcome=Outcome.UNREACHABLE if fails else Outcome.COLLECTED,
            posts_seen=40,
            posts_new=3,
            error=reason if fails else "",
        )


def _connect_shops(organization: Organization) -> None:
    """One that does well and sends what it sells, one whose past is read, one that needs new keys, one that is ill."""
    states: dict[str, dict[str, object]] = {
        "shopify": {"last_polled_at": NOW, "cursor": {"watermark": NOW.isoformat()}},
        "woocommerce": {"cursor": _reading()},
        "ebay": {"status": "needs_reconnection", "last_error": "api.ebay.com refuses access (401)."},
        "stripe": {"last_error": "api.stripe.com takes too long.", "last_polled_at": NOW},
    }
    for shop, state in states.items():
        connection = ShopConnection(
            organization=organization,
            shop=shop,
            address=f"{shop}.example.com",
            name=f"Halden {shop}",
            **state,
        )
        connection.key = f"{shop}-{organization.pk}"
        connection.credentials = {"client_secret": "of a test"}
        connection.webhook_secret = "of a test"
        connection.save()
    first = ShopConnection.objects.get(organization=organization, shop="shopify")
    reason = "Its signature does not fit: the secret differs, or the body was changed on its way."
    Delivery.objects.bulk_create(
        Delivery(
            connection=first,
            delivery_id=str(number),
            topic="" if number % 7 == 0 else "orders/updated",
            received_at=NOW - timedelta(minutes=9 * number),
            outcome="refused" if number % 7 == 0 else ("recorded", "nothing_new")[number % 2],
            reason=reason if number % 7 == 0 else "",
        )
        for number in range(60)
    )


def _reading() -> dict[str, object]:
    day = (NOW - timedelta(days=31)).isoformat()
    return {"run": {"since": day, "until": NOW.isoformat(), "page": "2", "orders": 230, "reached": day}}


def _bring_orders(organization: Organization) -> None:
    set_goal(organization=organization, aim=Aim(counts=Kind.ORDER, target=Decimal(40)))
    for number in range(36):
        recorded = record_conversion(
            organization=organization,
            report=Report(
                kind=Kind.ORDER,
                origin=Origin.COUNTER,
                idempotency_key=f"order-{number}",
                occurred_at=NOW - timedelta(hours=19 * number + 1),
                amount=Decimal("12.50") * (number % 4 + 1),
                currency="EUR",
                heard_of_us_from=(Channel.INSTAGRAM, Channel.FRIEND, Channel.PRINT, "")[number % 4],
            ),
        )
    void_conversion(conversion=recorded.conversion)
    autumn = CampaignPlan(
        name="Autumn menu",
        slug="autumn-menu",
        starts_on=(NOW - timedelta(days=40)).date(),
        ends_on=(NOW + timedelta(days=20)).date(),
        coupons=["HERBST10", "PUMPKIN", "FLYER-5", "WALK-IN"],
    )
    link = create_link(
        organization=organization,
        target="https://example.com/menu/" + "autumn/" * 12,
        label="Autumn menu",
        channel=Channel.INSTAGRAM,
        campaign=create_campaign(organization=organization, plan=autumn),
        expires_at=NOW + timedelta(days=20),
        fallback="https://example.com/menu",
    )
    store_clicks(
        [
            FollowedLink(
                click_id=UUID(int=number + 1),
                link_id=link.pk,
                clicked_at=NOW - timedelta(hours=7 * number),
                visitor=f"v{number % 9}",
                is_bot=number % 5 == 0,
            )
            for number in range(30)
        ]
    )
    save_site(organization=organization, hosts=["halden.example.com"], asks_how_heard=True)
    old = create_link(
        organization=organization, target="https://example.com/", label="Old", channel=Channel.X
    )
    archive_link(link=old)


def _spend_on_it(organization: Organization) -> None:
    """Costs in two currencies, of which one has no rate; a boost that runs; minutes, and a timer."""
    today = NOW.date()
    set_assumptions(
        organization=organization,
        margin=Decimal("37.5"),
        hourly_rate=Decimal(24),
        minutes_a_week=120,
        window_days=30,
        half_life_days=7,
    )
    campaign = Campaign.objects.create(
        organization=organization, name="Autumn " * 8, slug="autumn", starts_on=today - timedelta(days=40)
    )
    post = PublishedPost.objects.filter(organization=organization).order_by("pk")[3]
    week: dict[str, Any] = {"first_day": today - timedelta(days=20), "last_day": today - timedelta(days=14)}
    expenses = [
        boost(post=post, a_day=Decimal(5), currency="EUR", first_day=today - timedelta(days=9), days=7),
        boost(post=post, a_day=Decimal(8), currency="USD", first_day=today - timedelta(days=1), days=7),
        Expense(
            amount_a_day=Decimal(12), currency="EUR", channel=Channel.INSTAGRAM, campaign=campaign, **week
        ),
        Expense(
            amount_a_day=Decimal(900), currency="ISK", kind=Spend.Kind.SAMPLES, note="Mugs " * 30, **week
        ),
        Expense(amount_a_day=Decimal(3), currency="USD", channel=Channel.PRINT, **week),
    ]
    for number, expense in enumerate(expenses):
        record_spend(organization=organization, expense=expense, idempotency_key=f"expense-{number}")
    store_reference_rates(
        PublishedRate("USD", today - timedelta(days=day), Decimal("1.08")) for day in range(25)
    )
    save_rates(
        organization=organization, rates=[EnteredRate("AED", today - timedelta(days=30), Decimal("3.97"))]
    )
    for number in range(24):
        place = Place(
            channel=(Channel.INSTAGRAM, Channel.TIKTOK, "")[number % 3], note="Reels" if number else ""
        )
        record_time(
            organization=organization, minutes=15 + number, day=today - timedelta(days=number), place=place
        )
    for member in organization.memberships.select_related("user"):
        start_timer(organization=organization, by=member.user, now=NOW - timedelta(hours=11))
    credit_due_days(seconds=10)
