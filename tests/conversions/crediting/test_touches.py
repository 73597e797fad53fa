"""From what was reported to touches: each event once, robots never, and the last one names the channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from accounts.models import Organization
from monitoring.conversions.clicks.storing import FollowedLink, store_clicks
from monitoring.conversions.crediting.days import miscredited_days
from monitoring.conversions.crediting.evidence import Evidence
from monitoring.conversions.crediting.touches import SETTLED_AFTER, find_touches
from monitoring.conversions.models import (
    Campaign,
    Channel,
    Conversion,
    Coupon,
    CreditDay,
    CreditModel,
    Touch,
    TrackedLink,
    UtmField,
    UtmWord,
    Visit,
)
from monitoring.conversions.services.links import create_link
from monitoring.conversions.services.recording import KeyReused, record_conversion
from monitoring.conversions.services.refunding import Refund, record_refund
from monitoring.conversions.tasks import credit
from tests.conversions.conftest import NOON, click, record, report

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def tell(
    organization: Organization, *, link: TrackedLink | None = None, channel: str = "", **evidence: object
) -> Conversion:
    told = report(amount="10", channel=channel, link=link)
    return record(organization, replace(told, evidence=Evidence(**evidence)))  # type: ignore[arg-type]


def follow(link: TrackedLink, at: datetime, *, is_bot: bool = False) -> FollowedLink:
    followed = click(link, at=at, visitor=f"{at:%d %H:%M}", is_bot=is_bot)
    store_clicks([followed])
    return followed


def visit(
    organization: Organization, at: datetime, *, click_id: UUID | None = None, **facts: object
) -> Visit:
    return Visit.objects.create(
        visit_id=uuid4(),
        organization=organization,
        occurred_at=at,
        visitor="somebody",
        click_id=click_id,
        **facts,
    )


def look(conversion: Conversion, *, after: timedelta = timedelta(minutes=2)) -> list[tuple[str, str]]:
    """What is found by somebody who looks so long after the report."""
    find_touches(now=conversion.created_at + after)
    conversion.refresh_from_db()
    return list(conversion.touches.order_by("occurred_at", "pk").values_list("found", "channel"))


@pytest.fixture
def campaign(organization: Organization) -> Campaign:
    return Campaign.objects.create(
        organization=organization, name="Spring", slug="Spring", starts_on=NOON.date()
    )


@pytest.fixture
def other_link(organization: Organization) -> TrackedLink:
    return create_link(
        organization=organization,
        target="https://example.com/",
        label="Bio",
        channel=Channel.TIKTOK,
        slug="bio",
    )


def test_the_clicks_an_order_names_are_its_touches(
    organization: Organization, link: TrackedLink, other_link: TrackedLink
) -> None:
    clicks = [follow(link, NOON - 30 * HOUR), follow(other_link, NOON - 2 * HOUR)]
    order = tell(organization, click_ids=tuple(each.click_id.hex for each in clicks))
    assert look(order) == [("click", "instagram"), ("click", "tiktok")]
    assert (order.channel, order.tracked_link, order.touches_due_at) == ("tiktok", other_link, None)


def test_robots_and_other_peoples_clicks_are_no_touches(
    organization: Organization, link: TrackedLink, strangers_link: TrackedLink
) -> None:
    clicks = [follow(link, NOON - HOUR, is_bot=True), follow(strangers_link, NOON - HOUR)]
    order = tell(organization, click_ids=tuple(each.click_id.hex for each in clicks))
    assert look(order) == []
    assert (order.channel, order.touches_due_at) == ("", None)


def test_a_click_and_the_visit_it_led_to_are_one_touch(organization: Organization, link: TrackedLink) -> None:
    followed = follow(link, NOON - HOUR)
    arrival = NOON - HOUR + timedelta(seconds=3)
    visit(organization, arrival, click_id=followed.click_id, link=link, channel=link.channel)
    visit(organization, arrival, channel=link.channel)
    order = tell(organization, click_ids=(followed.click_id.hex,), visitor="somebody")
    assert look(order) == [("click", "instagram")]


def test_visits_of_the_day_are_touches_and_later_ones_are_not(organization: Organization) -> None:
    for hours, channel in ((-5, Channel.MAIL), (-1, Channel.FACEBOOK), (1, Channel.X)):
        visit(organization, NOON + hours * HOUR, channel=channel)
    visit(organization, NOON - HOUR, channel=Channel.REDDIT, is_bot=True)
    order = tell(organization, visitor="somebody")
    assert look(order) == [("visit", "mail"), ("visit", "facebook")]


def test_a_visitor_is_forgotten_when_nothing_more_can_be_found(organization: Organization) -> None:
    order = tell(organization, visitor="somebody", utm_source="instagram")
    look(order, after=timedelta(seconds=1))
    assert order.evidence["visitor"] == "somebody"
    look(order)
    assert (order.touches_due_at, order.evidence) == (None, {"utm_source": "instagram"})


def test_a_tag_of_the_same_visit_is_no_second_touch(organization: Organization, link: TrackedLink) -> None:
    followed = follow(link, NOON - 5 * HOUR)
    order = tell(organization, click_ids=(followed.click_id.hex,), utm_source="ig_story", utm_medium="social")
    assert look(order) == [("click", "instagram")]


def test_a_tag_of_a_later_visit_is_another_touch(organization: Organization, link: TrackedLink) -> None:
    followed = follow(link, NOON - 100 * HOUR)
    order = tell(
        organization,
        click_ids=(followed.click_id.hex,),
        utm_source="newsletter",
        landed_at=(NOON - HOUR).isoformat(),
        referrer="l.facebook.com",
    )
    assert look(order) == [("click", "instagram"), ("tag", "mail")]
    assert order.touches.get(found=Touch.Found.TAG).occurred_at == NOON - HOUR


def test_the_organizations_own_words_and_campaigns_are_known(
    organization: Organization, campaign: Campaign
) -> None:
    UtmWord.objects.create(
        organization=organization, field=UtmField.SOURCE, word="gazette", channel=Channel.PRINT
    )
    order = tell(organization, utm_source="Gazette", utm_campaign="spring")
    assert look(order) == [("tag", "print")]
    assert order.touches.get().campaign == campaign


@pytest.mark.parametrize("source", ["(direct)", "direct"])
def test_coming_directly_is_no_touch(organization: Organization, source: str) -> None:
    assert look(tell(organization, utm_source=source, utm_medium="(none)")) == []


@pytest.mark.parametrize(
    ("host", "channel"),
    [
        ("l.facebook.com", Channel.FACEBOOK),
        ("lm.facebook.com", Channel.FACEBOOK),
        ("t.co", Channel.X),
        ("out.reddit.com", Channel.REDDIT),
        ("bsky.app", Channel.BLUESKY),
        ("mastodon.green", Channel.MASTODON),
        ("www.google.co.uk", Channel.GOOGLE),
        ("mail.google.com", Channel.MAIL),
    ],
)
def test_a_referring_site_that_is_known_is_a_touch(
    organization: Organization, host: str, channel: str
) -> None:
    assert look(tell(organization, referrer=host)) == [("referrer", channel)]


@pytest.mark.parametrize("host", ["checkout.paypal.com", "example.com", "notgoogle.com", "com", "."])
def test_any_other_referring_site_is_none(organization: Organization, host: str) -> None:
    assert look(tell(organization, referrer=host)) == []


def test_a_coupon_is_a_touch_unless_its_campaign_is_one(
    organization: Organization, link: TrackedLink, campaign: Campaign
) -> None:
    Coupon.objects.create(
        organization=organization, campaign=campaign, code="SPRING10", channel=Channel.PRINT
    )
    Coupon.objects.create(organization=organization, campaign=campaign, code="TEN")
    assert look(tell(organization, coupons=("spring10",))) == [("coupon", "print")]
    TrackedLink.objects.filter(pk=link.pk).update(campaign=campaign)
    followed = follow(link, NOON - HOUR)
    order = tell(organization, click_ids=(followed.click_id.hex,), coupons=("ten", "unknown"))
    assert look(order) == [("click", "instagram")]


def test_a_coupon_without_a_channel_does_not_hide_the_click_before(
    organization: Organization, link: TrackedLink, campaign: Campaign
) -> None:
    Coupon.objects.create(organization=organization, campaign=campaign, code="TEN")
    followed = follow(link, NOON - HOUR)
    order = tell(organization, click_ids=(followed.click_id.hex,), coupons=("ten",))
    assert look(order) == [("click", "instagram"), ("coupon", "")]
    assert (order.channel, order.tracked_link) == ("instagram", link)


def test_a_link_that_was_named_is_a_touch_and_stays(
    organization: Organization, link: TrackedLink, other_link: TrackedLink
) -> None:
    clicks = [follow(link, NOON - 3 * HOUR), follow(other_link, NOON - 2 * HOUR)]
    order = tell(organization, link=link, click_ids=tuple(each.click_id.hex for each in clicks))
    assert look(order) == [("told", "instagram"), ("click", "tiktok")]
    assert order.tracked_link == link


def test_what_the_customer_said_stands(organization: Organization, link: TrackedLink) -> None:
    followed = follow(link, NOON - HOUR)
    order = tell(organization, channel=Channel.FRIEND, click_ids=(followed.click_id.hex,))
    assert look(order) == [("click", "instagram")]
    assert (order.channel, order.tracked_link) == ("friend", None)


def test_a_touch_before_the_window_names_no_channel(organization: Organization, link: TrackedLink) -> None:
    followed = follow(link, NOON - timedelta(days=31))
    order = tell(organization, click_ids=(followed.click_id.hex,))
    assert look(order) == [("click", "instagram")]
    assert order.channel == ""


def test_a_click_that_is_not_stored_yet_is_looked_for_again(
    organization: Organization, link: TrackedLink
) -> None:
    late = click(link, at=NOON - HOUR)
    order = tell(organization, click_ids=(late.click_id.hex,), utm_source="facebook")
    assert look(order, after=timedelta(seconds=1)) == [("tag", "facebook")]
    assert order.touches_due_at == order.created_at + timedelta(seconds=6)
    store_clicks([late])
    assert look(order, after=timedelta(seconds=7)) == [("click", "instagram")]
    assert (order.channel, order.tracked_link) == ("instagram", link)
    assert not Conversion.objects.exclude(touches_due_at=None).exists()


def test_a_click_that_never_comes_is_given_up_after_an_hour(organization: Organization) -> None:
    order = tell(organization, click_ids=(uuid4().hex,))
    looks, moment = 0, order.created_at
    while order.touches_due_at:
        moment = max(moment, order.touches_due_at)
        find_touches(now=moment)
        order.refresh_from_db()
        looks += 1
    assert moment - order.created_at >= SETTLED_AFTER
    assert looks < 20


def test_looking_again_changes_nothing(organization: Organization, link: TrackedLink) -> None:
    followed = follow(link, NOON - HOUR)
    order = tell(organization, click_ids=(followed.click_id.hex,), coupons=("x",))
    look(order)
    before = list(Touch.objects.values())
    Conversion.objects.update(touches_due_at=NOON)
    look(order)
    assert list(Touch.objects.values()) == before


def test_what_was_taken_back_goes_along(organization: Organization, link: TrackedLink) -> None:
    followed = follow(link, NOON - HOUR)
    order = tell(organization, click_ids=(followed.click_id.hex,))
    refund = record_refund(
        conversion=order, refund=Refund(idempotency_key="r", occurred_at=NOON + HOUR, cancels=True)
    )
    look(order)
    assert refund is not None
    refund.conversion.refresh_from_db()
    assert (refund.conversion.channel, refund.conversion.tracked_link) == ("instagram", link)


def test_a_repeated_report_is_the_same_after_its_link_was_found(
    organization: Organization, link: TrackedLink, other_link: TrackedLink
) -> None:
    followed = follow(link, NOON - HOUR)
    told = replace(report(amount="10", key="once"), evidence=Evidence(click_ids=(followed.click_id.hex,)))
    order = record(organization, told)
    look(order)
    assert order.tracked_link == link
    again = record_conversion(organization=organization, report=told)
    assert (again.conversion, again.is_new) == (order, False)
    with pytest.raises(KeyReused):
        record_conversion(organization=organization, report=replace(told, link=other_link))


def test_batches_are_worked_on_one_after_the_other(organization: Organization) -> None:
    for _order in range(5):
        tell(organization, utm_source="tiktok")
    later = timezone.now() + HOUR
    assert [find_touches(now=later, batch=2) for _batch in range(4)] == [2, 2, 1, 0]
    assert Touch.objects.count() == 5


def test_the_task_leads_from_a_report_to_its_credits(organization: Organization, link: TrackedLink) -> None:
    followed = follow(link, NOON - HOUR)
    tell(organization, click_ids=(followed.click_id.hex,))
    assert credit() == 1
    assert CreditDay.objects.get(model=CreditModel.LAST).link_id == link.pk
    assert miscredited_days(organization_id=organization.pk) == 0
    assert credit() == 0
