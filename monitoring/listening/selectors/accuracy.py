"""How often the machine's sentiment is what people say: by chance samples, and by what people corrected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count

from monitoring.analysis.sentiment.measuring import Confusion
from monitoring.listening.models import Brand, LabelSample, Mention, SentimentLabel

MOST_CORRECTED: Final = 10_000  # the latest: what a page may count
LATEST_SAMPLES: Final = 20


@dataclass(frozen=True)
class Slice:
    """The labels of one language or one platform."""

    name: str
    confusion: Confusion


@dataclass(frozen=True)
class Accuracy:
    """`by_language` and `by_platform` have the largest first."""

    confusion: Confusion
    by_language: list[Slice]
    by_platform: list[Slice]


@dataclass(frozen=True)
class SampleState:
    """How far a sample is. What was deleted or set aside since is not judged any more."""

    sample: LabelSample
    judged: int
    told: int  # of these, where the person could tell
    confusion: Confusion

    @property
    def size(self) -> int:
        return len(self.sample.mention_ids)


def measured_accuracy(*, brand: Brand) -> Accuracy:
    """By every chance sample of the brand. What was judged in several of them counts as last said."""
    labels = SentimentLabel.objects.filter(
        sample__organization=brand.organization_id, sample__brand=brand, said__isnull=False
    )
    latest = labels.order_by("mention_id", "-said_at").distinct("mention_id")
    rows = latest.values_list("mention__language", "mention__platform", "said", "machine")
    return _accuracy(
        (language, platform, said, machine, 1)
        for language, platform, said, machine in rows
        if said is not None  # for the type checker
    )


def corrected_accuracy(*, brand: Brand) -> Accuracy:
    """By what people corrected and confirmed on their own: they choose what strikes them, so it is no fair share.

    What they judged because chance chose it is left out.
    """
    by_chance = SentimentLabel.objects.filter(
        sample__organization=brand.organization_id, sample__brand=brand
    ).values("mention_id")
    judged = Mention.objects.exclude(pk__in=by_chance).filter(
        organization_id=brand.organization_id,
        brand=brand,
        corrected_sentiment__isnull=False,
        is_counted=True,
    )
    latest = judged.order_by("-published_at").values("pk")[:MOST_CORRECTED]
    rows = (
        Mention.objects.filter(pk__in=latest)
        .order_by()
        .values_list("language", "platform", "corrected_sentiment", "sentiment")
        .annotate(Count("pk"))
    )
    return _accuracy(rows)


def list_samples(*, brand: Brand) -> list[SampleState]:
    """The latest, each with what was said. Two queries."""
    samples = list(
        LabelSample.objects.filter(organization=brand.organization_id, brand=brand).order_by("-pk")[
            :LATEST_SAMPLES
        ]
    )
    labels = SentimentLabel.objects.filter(sample__in=[sample.pk for sample in samples])
    said = list(labels.values_list("sample_id", "said", "machine").annotate(Count("pk")))
    return [_state(sample, [row[1:] for row in said if row[0] == sample.pk]) for sample in samples]


def sample_state(*, sample: LabelSample) -> SampleState:
    said = SentimentLabel.objects.filter(sample=sample).values_list("said", "machine").annotate(Count("pk"))
    return _state(sample, list(said))


def next_to_judge(*, sample: LabelSample) -> Mention | None:
    """The first of the sample that nobody judged and that is still there; None when all is said."""
    judged = set(SentimentLabel.objects.filter(sample=sample).values_list("mention_id", flat=True))
    left = [number for number in sample.mention_ids if number not in judged]
    there = Mention.objects.filter(
        organization_id=sample.organization_id, pk__in=left, is_counted=True
    ).defer("search")
    by_number = {mention.pk: mention for mention in there}
    return next((by_number[number] for number in left if number in by_number), None)


def _state(sample: LabelSample, said: Sequence[tuple[int | None, int, int]]) -> SampleState:
    told = [(person, machine, times) for person, machine, times in said if person is not None]
    judged = sum(times for _person, _machine, times in said)
    return SampleState(sample, judged, sum(times for *_both, times in told), Confusion.of(told))


def _accuracy(rows: Iterable[tuple[str, str, int, int, int]]) -> Accuracy:
    found = list(rows)
    return Accuracy(
        Confusion.of((person, machine, times) for _language, _platform, person, machine, times in found),
        by_language=_slices((row[0], *row[2:]) for row in found),
        by_platform=_slices((row[1], *row[2:]) for row in found),
    )


def _slices(rows: Iterable[tuple[str, int, int, int]]) -> list[Slice]:
    grouped: dict[str, list[tuple[int, int, int]]] = {}
    for name, *pair in rows:
        grouped.setdefault(name, []).append((pair[0], pair[1], pair[2]))
    slices = [Slice(name, Confusion.of(pairs)) for name, pairs in grouped.items()]
    return sorted(slices, key=lambda each: (-each.confusion.total, each.name))
