"""Write events in batches. Storing the same event again changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Greatest

from accounts.models import Organization
from monitoring.conversions.crediting.evidence import Evidence
from monitoring.conversions.models import Conversion, Origin, Site
from monitoring.conversions.rollups import lock_counting
from monitoring.conversions.services.recording import Report, record_conversions
from monitoring.conversions.services.site_orders import add_to_shop_order, find_shop_order
from monitoring.conversions.visits.events import SITES_KEY, Answered, Converted, Event, Visited
from monitoring.conversions.visits.sources import channel_of_tags

# A visit belongs to the channel of its link, or to what the organization says of its tags, or to what these usually
# mean. A click that nobody made leads nowhere; a visit that then has no tag either is not kept.
_INSERT_VISITS = """
    insert into conversions_visit (visit_id, organization_id, occurred_at, visitor, click_id, link_id, channel,
        campaign_id, utm_source, utm_medium, utm_campaign, landing, referrer, is_bot)
    select arrived.visit_id, site.organization_id, arrived.occurred_at, arrived.visitor, click.click_id, link.id,
        coalesce(link.channel, nullif(word.channel, ''), arrived.channel), coalesce(link.campaign_id, campaign.id),
        arrived.source, arrived.medium, arrived.campaign, arrived.landing, arrived.referrer, arrived.is_bot
    from unnest(%s::uuid[], %s::bigint[], %s::timestamptz[], %s::text[], %s::uuid[], %s::text[], %s::text[],
        %s::text[], %s::text[], %s::text[], %s::text[], %s::boolean[])
        as arrived (visit_id, site_id, occurred_at, visitor, click_id, channel, source, medium, campaign, landing,
            referrer, is_bot)
    join conversions_site site on site.id = arrived.site_id
    left join conversions_click click
        on click.click_id = arrived.click_id and click.organization_id = site.organization_id
    left join conversions_trackedlink link on link.id = click.link_id
    left join conversions_utmword word on word.organization_id = site.organization_id
        and word.field = 'source' and word.word = arrived.source and arrived.source <> ''
    left join conversions_campaign campaign on campaign.organization_id = site.organization_id
        and lower(campaign.slug) = arrived.campaign and arrived.campaign <> ''
    where click.id is not null or arrived.source || arrived.medium || arrived.campaign <> ''
    order by arrived.visit_id
    on conflict (visit_id) do nothing
"""


@transaction.atomic
def store_events(events: Sequence[Event]) -> None:
    """Visits first, then conversions, and answers after the conversions that they belong to.

    Events of a site that was deleted meanwhile are dropped.
    """
    organizations = _lock_organizations({event.site_id for event in events})
    here = [event for event in events if event.site_id in organizations]
    _store_visits([event for event in here if isinstance(event, Visited)])
    _store_conversions([event for event in here if isinstance(event, Converted)], organizations)
    for event in here:
        if isinstance(event, Answered):
            _store_answer(event, organizations[event.site_id])
    _note_last(here)


def _lock_organizations(site_ids: Iterable[int]) -> dict[int, Organization]:
    """By site. The organizations cannot disappear until the transaction ends."""
    sites = Site.objects.filter(pk__in=site_ids).select_related("organization")
    lock_counting(sites.values_list("organization_id", flat=True))
    return {site.pk: site.organization for site in sites.select_for_update(of=("self",), no_key=True)}


def _store_visits(visits: Sequence[Visited]) -> None:
    rows = [_row(visit) for visit in visits]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT_VISITS, [list(column) for column in zip(*rows, strict=True)])


def _row(visit: Visited) -> tuple[object, ...]:
    source, medium, campaign = (visit.tags.get(f"utm_{tag}", "") for tag in ("source", "medium", "campaign"))
    return (
        str(visit.visit_id),
        visit.site_id,
        visit.at,
        visit.visitor,
        None if visit.click_id is None else str(visit.click_id),
        channel_of_tags(source, medium),
        source,
        medium,
        campaign,
        visit.landing,
        visit.referrer,
        visit.is_bot,
    )


def _store_conversions(conversions: Iterable[Converted], organizations: dict[int, Organization]) -> None:
    reports = defaultdict(list)
    for event in conversions:
        if not _belongs_to_shop_order(event, organizations[event.site_id]):
            reports[event.site_id].append(_report(event))
    for site_id, told in reports.items():
        record_conversions(organization=organizations[site_id], reports=told)


def _belongs_to_shop_order(event: Converted, organization: Organization) -> bool:
    """Whether a connected shop told of it already; then what the page knows is added there."""
    order = _find_shop_order(event.order_number, event.at, organization)
    if order is not None:
        add_to_shop_order(order=order, told=Evidence.from_json(event.evidence))
    return order is not None


def _find_shop_order(number: str, at: datetime, organization: Organization) -> Conversion | None:
    return find_shop_order(organization_id=organization.pk, number=number, near=at) if number else None


def _report(event: Converted) -> Report:
    return Report(
        kind=event.kind,
        origin=Origin.SITE,
        idempotency_key=event.idempotency_key,
        occurred_at=event.at,
        amount=event.amount,
        currency=event.currency,
        order_number=event.order_number,
        evidence=Evidence.from_json(event.evidence),
    )


def _store_answer(answer: Answered, organization: Organization) -> None:
    """The first answer holds. What was taken back of the conversion goes along."""
    asked = _find_asked(answer, organization)
    if asked is not None and not asked.heard_of_us_from:
        Conversion.objects.filter(Q(pk=asked.pk) | Q(reverses=asked.pk)).update(
            heard_of_us_from=answer.channel, channel=answer.channel
        )


def _find_asked(answer: Answered, organization: Organization) -> Conversion | None:
    """The site's own entry, or the shop's which that became."""
    own = Conversion.objects.filter(
        organization=organization, idempotency_key=answer.idempotency_key, origin=Origin.SITE
    )
    number = answer.idempotency_key.removeprefix(SITES_KEY)
    return own.first() or _find_shop_order(number, answer.at, organization)


def _note_last(events: Iterable[Event]) -> None:
    last: dict[int, datetime] = {}
    for event in events:
        last[event.site_id] = max(event.at, last.get(event.site_id, event.at))
    for site_id, moment in sorted(last.items()):
        # Greatest ignores the null of a site that never told us anything.
        Site.objects.filter(pk=site_id).update(last_event_at=Greatest("last_event_at", moment))
