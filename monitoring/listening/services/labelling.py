"""Measure the machine's sentiment: draw mentions by chance, and keep what people say of them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from datetime import date, datetime
from itertools import accumulate
from random import SystemRandom
from typing import Final

from django.db import connection, transaction

from accounts.audit import Action, record
from accounts.models import User
from monitoring.lib.periods import ONE_DAY, Period, local_midnight
from monitoring.listening.models import Brand, LabelSample, Mention, MentionDay, SentimentLabel
from monitoring.listening.models.mentions import Tone
from monitoring.listening.services.mentions import correct_sentiment

SIZE: Final = 50

# So many of each day, as chance has it: by an index to the day, and within it every mention as likely as any other.
_DRAW: Final = """
    select drawn.id from unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[], %(numbers)s::int[])
        as day (starts, ends, number)
    cross join lateral (
        select id from listening_mention
        where organization_id = %(organization)s and brand_id = %(brand)s and published_at >= day.starts
            and published_at < day.ends and is_counted and (%(language)s = '' or language = %(language)s)
        order by random() limit day.number) drawn
"""


def draw_sample(
    *, brand: Brand, period: Period, language: str = "", by: User | None, size: int = SIZE
) -> LabelSample | None:
    """Mentions of a brand, each that counts in the period as likely as any other; None where there is none."""
    days = MentionDay.objects.filter(brand_id=brand.pk, day__range=(period.first, period.last))
    if language:
        days = days.filter(language=language)
    counted = Counter[date]()
    for day, mentions in days.order_by("day").values_list("day", "mentions"):
        counted[day] += mentions
    population = counted.total()
    if not population:
        return None
    chance = SystemRandom()
    borders = list(accumulate(counted.values()))
    places = chance.sample(range(population), min(size, population))
    each_day = Counter(bisect_right(borders, place) for place in places)
    by_number = list(counted)
    drawn = _draw(brand, period, language, {by_number[number]: wanted for number, wanted in each_day.items()})
    chance.shuffle(drawn)
    return LabelSample.objects.create(
        organization_id=brand.organization_id,
        brand=brand,
        first_day=period.first,
        last_day=period.last,
        language=language,
        population=population,
        mention_ids=drawn,
        drawn_by=by,
    )


def _draw(brand: Brand, period: Period, language: str, wanted: dict[date, int]) -> list[int]:
    days = [day for day in period.each_day() if day in wanted]
    parameters: dict[str, int | str | list[datetime] | list[int]] = {
        "organization": brand.organization_id,
        "brand": brand.pk,
        "language": language,
        "starts": [local_midnight(day, period.zone) for day in days],
        "ends": [local_midnight(day + ONE_DAY, period.zone) for day in days],
        "numbers": [wanted[day] for day in days],
    }
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, parameters)
        return [number for (number,) in cursor.fetchall()]


@transaction.atomic
def say_label(*, sample: LabelSample, mention: Mention, said: Tone | None, by: User | None) -> None:
    """Keep a judgement; said anew, it replaces the first. Where it differs from the machine's, it corrects the mention.

    None: the person could not tell.
    """
    SentimentLabel.objects.update_or_create(
        sample=sample,
        mention=mention,
        defaults={"machine": mention.sentiment, "said": said, "said_by": by},
    )
    if said is not None and mention.tone != said:
        correct_sentiment(mention=mention, tone=None if said == mention.sentiment else said)


def take_back_last(*, sample: LabelSample) -> None:
    """The latest judgement of a sample is asked for again. A correction that it made stays until it is said anew."""
    last = SentimentLabel.objects.filter(sample=sample).order_by("-said_at", "-pk").first()
    if last is not None:
        last.delete()


@transaction.atomic
def discard_sample(*, sample: LabelSample) -> None:
    """Delete a sample with its judgements. The corrections they made stay."""
    facts = {"brand": sample.brand.name, "mentions": len(sample.mention_ids), "labels": sample.labels.count()}
    record(Action.DELETED, organization=sample.organization, subject=sample, before=facts)
    sample.delete()
