"""Events are written once, with the channel and campaign they belong to."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Organization
from monitoring.conversions.clicks.storing import store_clicks
from monitoring.conversions.clicks.waiting import note_click
from monitoring.conversions.models import (
    Campaign,
    Channel,
    Conversion,
    Origin,
    Site,
    TrackedLink,
    UtmField,
    UtmWord,
    Visit,
    VisitDay,
)
from monitoring.conversions.rollups import miscounted_days
from monitoring.conversions.services.refunding import Refund, record_refund
from monitoring.conversions.tasks import store_what_waits
from monitoring.conversions.visits.events import Answered, Converted, Event, Visited
from monitoring.conversions.visits.storing import store_events
from monitoring.conversions.visits.waiting import EVENTS
from monitoring.conversions.waiting import TAKE
from tests.conversions.conftest import NOON, click

pytestmark = pytest.mark.django_db


def visited(site: Site, *, click_id: UUID | None = None, visitor: str = "v", **tags: str) -> Visited:
    return Visited(
        site_id=site.pk,
        visit_id=uuid4(),
        at=NOON,
        visitor=visitor,
        click_id=click_id,
        tags={f"utm_{tag}": word for tag, word in tags.items()},
        landing="/menu",
    )


def ordered(site: Site, key: str = "1043", amount: str | None = "12.50") -> Converted:
    return Converted(
        site_id=site.pk,
        at=NOON,
        idempotency_key=f"site:{key}",
        kind="order",
        amount=None if amount is None else Decimal(amount),
        currency="" if amount is None else "EUR",
        order_number=key,
        evidence={"visitor": "v", "click_ids": [uuid4().hex]},
    )


def answered(site: Site, channel: str, key: str = "1043") -> Answered:
    return Answered(site_id=site.pk, at=NOON, idempotency_key=f"site:{key}", channel=channel)


def test_a_visit_by_a_link_belongs_to_the_links_channel_and_campaign(
    site: Site, organization: Organization, link: TrackedLink
) -> None:
    link.campaign = Campaign.objects.create(
        organization=organization, name="Autumn", slug="Autumn", starts_on=NOON.date()
    )
    link.save()
    followed = click(link)
    store_clicks([followed])
    store_events([visited(site, click_id=followed.click_id, source="facebook")])
    visit = Visit.objects.get()
    assert (visit.link, visit.channel, visit.campaign) == (link, Channel.INSTAGRAM, link.campaign)
    assert not VisitDay.objects.exists()  # the click was counted


def test_a_tagged_visit_belongs_to_what_the_organization_says_of_its_words(
    site: Site, organization: Organization
) -> None:
    campaign = Campaign.objects.create(
        organization=organization, name="Autumn", slug="Autumn-Menu", starts_on=NOON.date()
    )
    words = {"fb": Channel.INSTAGRAM, "paper": Channel.PRINT, "odd": ""}
    for word, channel in words.items():
        UtmWord.objects.create(organization=organization, field=UtmField.SOURCE, word=word, channel=channel)
    for source in ("fb", "paper", "odd", "tiktok"):
        store_events([visited(site, source=source, campaign="autumn-menu")])
    stored = dict(Visit.objects.values_list("utm_source", "channel"))
    assert stored == {
        "fb": Channel.INSTAGRAM,
        "paper": Channel.PRINT,
        "odd": Channel.OTHER,
        "tiktok": Channel.TIKTOK,
    }
    assert set(Visit.objects.values_list("campaign_id", flat=True)) == {campaign.pk}
    assert sum(VisitDay.objects.values_list("visits", flat=True)) == 4


def test_a_forged_click_leads_nowhere_and_a_strangers_click_is_not_ours(
    site: Site, strangers_link: TrackedLink
) -> None:
    theirs = click(strangers_link)
    store_clicks([theirs])
    store_events([visited(site, click_id=uuid4()), visited(site, click_id=theirs.click_id)])
    assert not Visit.objects.exists()
    store_events([visited(site, click_id=theirs.click_id, source="x")])
    visit = Visit.objects.get()
    assert (visit.click_id, visit.link, visit.channel) == (None, None, Channel.X)


def test_an_order_is_kept_with_what_may_tell_where_it_came_from(site: Site) -> None:
    event = ordered(site)
    store_events([event])
    told = Conversion.objects.get()
    assert (told.amount, told.currency, told.origin, told.order_number) == (
        Decimal("12.50"),
        "EUR",
        Origin.SITE,
        "1043",
    )
    assert told.evidence == event.evidence
    assert told.touches_due_at is not None


def test_the_first_answer_holds_and_its_refund_goes_along(site: Site, organization: Organization) -> None:
    store_events([ordered(site)])
    told = Conversion.objects.get()
    record_refund(conversion=told, refund=Refund(idempotency_key="r", occurred_at=NOON, amount=Decimal(1)))
    store_events([answered(site, "instagram"), answered(site, "tiktok"), answered(site, "x", key="another")])
    assert set(Conversion.objects.values_list("heard_of_us_from", "channel")) == {("instagram", "instagram")}
    assert miscounted_days(organization=organization) == 0


def test_an_answer_changes_only_what_the_site_told(site: Site, organization: Organization) -> None:
    Conversion.objects.create(
        organization=organization,
        kind="order",
        occurred_at=NOON,
        origin=Origin.API,
        idempotency_key="site:1043",
    )
    store_events([answered(site, "instagram")])
    assert Conversion.objects.get().heard_of_us_from == ""


def test_the_site_knows_when_it_was_last_heard(site: Site) -> None:
    store_events([visited(site, source="x")])
    site.refresh_from_db()
    assert site.last_event_at == NOON


def test_events_of_a_site_that_is_gone_are_dropped(site: Site, organization: Organization) -> None:
    events: list[Event] = [visited(site, source="x"), ordered(site), answered(site, "x")]
    organization.delete()
    store_events(events)
    assert not Visit.objects.exists()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), size=st.integers(1, 12))
def test_order_and_repeated_batches_change_nothing(
    site: Site, organization: Organization, seed: int, size: int
) -> None:
    chance = random.Random(seed)
    events: list[Event] = []
    for number in range(size):
        events.append(visited(site, source=chance.choice(["x", "ig"]), visitor=str(number % 3)))
        events.append(ordered(site, key=str(number), amount=chance.choice([None, "1.10"])))

    def stored() -> tuple[object, ...]:
        visits = list(Visit.objects.order_by("visit_id").values_list("visit_id", "channel"))
        orders = list(Conversion.objects.order_by("order_number").values_list("order_number", "amount"))
        assert miscounted_days(organization=organization) == 0
        Visit.objects.all().delete()
        Conversion.objects.all().delete()
        return visits, orders

    store_events(events)
    expected = stored()
    remaining: Sequence[Event] = chance.sample(events, len(events))
    while remaining:
        cut = chance.randint(1, len(remaining))
        batch, remaining = remaining[:cut], remaining[cut:]
        store_events(batch)
        store_events(chance.sample(batch, chance.randint(0, len(batch))))
    assert stored() == expected


def test_a_click_that_waits_is_written_before_its_visit(site: Site, link: TrackedLink) -> None:
    followed = click(link)
    EVENTS.note(visited(site, click_id=followed.click_id))
    note_click(followed)
    assert store_what_waits() == 2
    assert Visit.objects.get().link == link


def test_a_worker_that_dies_loses_nothing_and_counts_nothing_twice(
    site: Site, redis_server: redis.Redis
) -> None:
    """Death after writing, before the batch is taken off the second list; and before writing."""
    events: list[Event] = [visited(site, source="x"), ordered(site), answered(site, "instagram")]
    for event in events:
        EVENTS.note(event)
    redis_server.eval(TAKE, 2, EVENTS.waiting, EVENTS.taken, 10)
    store_events(events)
    EVENTS.note(ordered(site, key="1044"))
    assert [EVENTS.store_batch(), EVENTS.store_batch(), EVENTS.store_batch()] == [3, 1, 0]
    assert (Visit.objects.count(), Conversion.objects.count()) == (1, 2)


def test_one_event_that_the_database_refuses_does_not_hold_up_the_others(
    site: Site, redis_server: redis.Redis
) -> None:
    poisoned = visited(site, source="x")
    object.__setattr__(poisoned, "landing", "\0")
    for event in (visited(site, source="ig"), poisoned, ordered(site)):
        EVENTS.note(event)
    redis_server.rpush(EVENTS.waiting, b"nonsense")
    assert EVENTS.store_batch() == 4
    assert (Visit.objects.count(), Conversion.objects.count()) == (1, 1)
    assert redis_server.llen(EVENTS.taken) == 0


def test_visits_of_two_days_are_counted_on_each(site: Site, organization: Organization) -> None:
    first, second = visited(site, source="ig"), visited(site, source="ig")
    object.__setattr__(second, "at", NOON + timedelta(days=1))
    store_events([first, second])
    assert list(VisitDay.objects.values_list("visits", flat=True)) == [1, 1]
    assert miscounted_days(organization=organization) == 0
