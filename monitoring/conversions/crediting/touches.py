"""Find the touches of conversions that were reported, and say by the last one where each came from.

Clicks and visits are written in batches, so one that the evidence names may not be there yet: it is looked for again,
ever more rarely, for an hour. Each look replaces what the one before found, so looking twice changes nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from monitoring.conversions.crediting.evidence import Evidence, read_click_id
from monitoring.conversions.crediting.weighing import FoundTouch, Known, weigh_evidence
from monitoring.conversions.models import (
    Assumptions,
    Campaign,
    Click,
    Conversion,
    Coupon,
    Touch,
    UtmField,
    UtmWord,
    Visit,
)
from monitoring.conversions.rollups import lock_counting

BATCH: Final = 500
SETTLED_AFTER: Final = timedelta(hours=1)
_VISITS_ARE_THERE_AFTER = timedelta(minutes=1)
_SOONEST, _LATEST = timedelta(seconds=5), timedelta(minutes=10)
_SAVE = """
    update conversions_conversion conversion set touches_due_at = looked.touches_due_at,
        evidence = looked.evidence::jsonb, channel = looked.channel, tracked_link_id = looked.tracked_link_id
    from unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::text[], %s::bigint[])
        as looked (id, touches_due_at, evidence, channel, tracked_link_id)
    where conversion.id = looked.id
"""
# What takes a conversion back came from where that came from.
_SAVE_REVERSALS = """
    update conversions_conversion reversal set channel = original.channel, tracked_link_id = original.tracked_link_id
    from conversions_conversion original
    where original.id = any(%s::bigint[]) and reversal.reverses_id = original.id
        and (reversal.channel, reversal.tracked_link_id)
            is distinct from (original.channel, original.tracked_link_id)
"""


def find_touches(*, now: datetime, batch: int = BATCH) -> int:
    """One batch of each organization that has conversions to look at. Returns how many were looked at."""
    due = Conversion.objects.filter(touches_due_at__lte=now)
    organizations = list(due.order_by().values_list("organization_id", flat=True).distinct())
    return sum(_find_in(organization_id, now, batch) for organization_id in sorted(organizations))


@transaction.atomic
def _find_in(organization_id: int, now: datetime, batch: int) -> int:
    lock_counting([organization_id])
    due = Conversion.objects.filter(organization=organization_id, touches_due_at__lte=now)
    conversions = list(
        due.select_for_update(skip_locked=True, no_key=True, of=("self",))
        .select_related("tracked_link")
        .order_by("touches_due_at", "pk")[:batch]
    )
    if conversions:
        _Batch(organization_id, conversions, now).settle()
    return len(conversions)


@dataclass(frozen=True)
class _Batch:
    organization_id: int
    conversions: Sequence[Conversion]
    now: datetime

    def settle(self) -> None:
        evidence = {each.pk: Evidence.from_json(each.evidence) for each in self.conversions}
        known = self._read_known(list(evidence.values()))
        before = self._read_touches()
        found = {
            each.pk: weigh_evidence(
                conversion=each,
                evidence=evidence[each.pk],
                told=each.tracked_link if _was_told(before[each.pk]) else None,
                known=known,
            )
            for each in self.conversions
        }
        self._replace(before, found)
        window = self._window()
        for each in self.conversions:
            _name_origin(each, found[each.pk], window)
            _set_next_look(each, evidence[each.pk], known, self.now)
        self._save()

    def _read_touches(self) -> dict[int, dict[str, Touch]]:
        touches: dict[int, dict[str, Touch]] = defaultdict(dict)
        for touch in Touch.objects.filter(conversion__in=[each.pk for each in self.conversions]):
            touches[touch.conversion_id][touch.key] = touch
        return touches

    def _read_known(self, evidence: Sequence[Evidence]) -> Known:
        words = {each.utm_source.lower() for each in evidence} - {""}
        tags = {each.utm_campaign.lower() for each in evidence} - {""}
        codes = {code.strip().lower() for each in evidence for code in each.coupons} - {""}
        campaigns = Campaign.objects.filter(organization=self.organization_id)
        coupons = Coupon.objects.filter(organization=self.organization_id)
        utm = UtmWord.objects.filter(organization=self.organization_id, field=UtmField.SOURCE, word__in=words)
        return Known(
            clicks=_read_clicks({click for each in evidence for click in each.click_ids}),
            visits=self._read_visits({each.visitor for each in evidence} - {""}),
            words=dict(utm.exclude(channel="").values_list("word", "channel")) if words else {},
            campaigns={
                slug.lower(): pk for pk, slug in campaigns.values_list("pk", "slug") if slug.lower() in tags
            }
            if tags
            else {},
            coupons={each.code.lower(): each for each in coupons if each.code.lower() in codes}
            if codes
            else {},
        )

    def _read_visits(self, visitors: set[str]) -> dict[str, list[Visit]]:
        """A visitor's hash is another one every day, so what has the same is of the same day."""
        visits: dict[str, list[Visit]] = defaultdict(list)
        if visitors:
            rows = Visit.objects.filter(organization=self.organization_id, visitor__in=visitors, is_bot=False)
            for visit in rows.order_by("occurred_at", "pk"):
                visits[visit.visitor].append(visit)
        return visits

    def _replace(self, before: dict[int, dict[str, Touch]], found: dict[int, list[FoundTouch]]) -> None:
        """Leave alone what was found before and still holds."""
        gone: list[int] = []
        new: list[Touch] = []
        for conversion_id, touches in found.items():
            kept = {key for key, touch in before[conversion_id].items() if _as_found(touch) in touches}
            gone += [touch.pk for key, touch in before[conversion_id].items() if key not in kept]
            new += [self._row(conversion_id, touch) for touch in touches if touch.key not in kept]
        if gone:
            Touch.objects.filter(pk__in=gone).delete()
        Touch.objects.bulk_create(new)

    def _row(self, conversion_id: int, touch: FoundTouch) -> Touch:
        return Touch(organization_id=self.organization_id, conversion_id=conversion_id, **vars(touch))

    def _window(self) -> timedelta:
        said = Assumptions.objects.filter(organization=self.organization_id).first() or Assumptions()
        return timedelta(days=said.window_days)

    def _save(self) -> None:
        rows = [
            (
                each.pk,
                each.touches_due_at,
                json.dumps(each.evidence),
                each.channel,
                each.tracked_link_id,
            )
            for each in self.conversions
        ]
        columns = [list(column) for column in zip(*rows, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(_SAVE, columns)
            cursor.execute(_SAVE_REVERSALS, columns[:1])


def _read_clicks(click_ids: Iterable[str]) -> dict[str, Click]:
    wanted = [UUID(hex=click) for click in click_ids if read_click_id(click)]
    clicks = Click.objects.filter(click_id__in=wanted).select_related("link") if wanted else ()
    return {click.click_id.hex: click for click in clicks}


def _was_told(touches: dict[str, Touch]) -> bool:
    """At the first look the link is the reporter's; later it may be what the last touch said."""
    return not touches or any(touch.found == Touch.Found.TOLD for touch in touches.values())


def _as_found(touch: Touch) -> FoundTouch:
    return FoundTouch(
        key=touch.key,
        found=touch.found,
        occurred_at=touch.occurred_at,
        channel=touch.channel,
        campaign_id=touch.campaign_id,
        link_id=touch.link_id,
    )


def _name_origin(conversion: Conversion, touches: Sequence[FoundTouch], window: timedelta) -> None:
    """What the customer said stands, and so does a link that the reporter named."""
    counted = [touch for touch in touches if touch.occurred_at >= conversion.occurred_at - window]
    if conversion.heard_of_us_from or not counted:
        return
    last = next((touch for touch in reversed(counted) if touch.channel), counted[-1])
    conversion.channel = last.channel
    if not any(touch.found == Touch.Found.TOLD for touch in touches):
        conversion.tracked_link_id = last.link_id


def _set_next_look(conversion: Conversion, evidence: Evidence, known: Known, now: datetime) -> None:
    age = now - conversion.created_at
    misses_click = age < SETTLED_AFTER and any(click not in known.clicks for click in evidence.click_ids)
    if misses_click or (evidence.visitor and age < _VISITS_ARE_THERE_AFTER):
        conversion.touches_due_at = now + min(max(_SOONEST, age), _LATEST)
        return
    conversion.touches_due_at = None
    # Nothing ties it to a visitor any longer.
    conversion.evidence = {name: fact for name, fact in conversion.evidence.items() if name != "visitor"}
