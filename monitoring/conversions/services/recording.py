"""Take down conversions, each once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.audit import record_change
from accounts.models import Organization, User
from monitoring.conversions.crediting.evidence import NO_EVIDENCE, Evidence
from monitoring.conversions.models import Conversion, Origin, ShopConnection, TrackedLink
from monitoring.conversions.models.conversions import WORTH_NO_MONEY, is_kind
from monitoring.conversions.rollups import lock_counting
from monitoring.lib.money import check_amount

_BATCH = 1000


@dataclass(frozen=True, kw_only=True)
class Report:
    """What somebody told us about one conversion. `occurred_at` is None where they mean "now"."""

    kind: str
    origin: str
    idempotency_key: str
    occurred_at: datetime | None = None
    amount: Decimal | None = None
    currency: str = ""
    heard_of_us_from: str = ""
    link: TrackedLink | None = None
    note: str = ""
    order_number: str = ""
    connection: ShopConnection | None = None
    evidence: Evidence = NO_EVIDENCE

    def __post_init__(self) -> None:
        Origin(self.origin)
        if not is_kind(self.kind):
            raise ValueError(f"No kind of conversion: {self.kind}")
        if not self.idempotency_key:
            raise ValueError("A report without an idempotency key could count twice.")
        if (self.amount is None) != (self.currency == ""):
            raise ValueError("An amount needs its currency, and a currency its amount.")
        if self.amount is not None:
            if self.kind in WORTH_NO_MONEY:
                raise ValueError(f"No amount is kept for: {self.kind}")
            check_amount(self.amount, self.currency)

    @property
    def channel(self) -> str:
        return self.heard_of_us_from or (self.link.channel if self.link else "")


@dataclass(frozen=True)
class Recorded:
    conversion: Conversion
    is_new: bool


class KeyReused(Exception):
    """The idempotency key belongs to a conversion that says something else."""

    def __init__(self, conversion: Conversion) -> None:
        super().__init__("This idempotency key was used for another conversion.")
        self.conversion = conversion


def record_conversion(*, organization: Organization, report: Report, by: User | None = None) -> Recorded:
    """The conversion of this report; a repeated report gives the first one. Raises KeyReused."""
    conversion = _build(organization, report, by, timezone.now())
    try:
        with transaction.atomic():
            lock_counting([organization.pk])
            conversion.save(force_insert=True)
    except IntegrityError:
        first = Conversion.objects.select_related("tracked_link").get(
            organization=organization, idempotency_key=report.idempotency_key
        )
        if not _says_the_same(first, report):
            raise KeyReused(first) from None
        return Recorded(first, is_new=False)
    return Recorded(conversion, is_new=True)


def record_conversions(*, organization: Organization, reports: Iterable[Report]) -> int:
    """Take down many at once, for imports. Known idempotency keys are left as they are. Returns how many were sent."""
    now = timezone.now()
    sent = 0
    remaining = iter(reports)
    while batch := list(islice(remaining, _BATCH)):
        with transaction.atomic():
            lock_counting([organization.pk])
            Conversion.objects.bulk_create(
                [_build(organization, report, None, now) for report in batch], ignore_conflicts=True
            )
        sent += len(batch)
    return sent


def void_conversion(*, conversion: Conversion) -> None:
    """Take it and what was taken back of it out of every count. It stays on the list and can be restored."""
    _set_voided(conversion, timezone.now())


def restore_conversion(*, conversion: Conversion) -> None:
    _set_voided(conversion, None)


def _set_voided(conversion: Conversion, moment: datetime | None) -> None:
    with transaction.atomic():
        lock_counting([conversion.organization_id])
        entries = Conversion.objects.filter(Q(pk=conversion.pk) | Q(reverses=conversion.pk))
        if entries.filter(voided_at__isnull=moment is not None).update(voided_at=moment):
            before, after = ({"counts": moment is not None}, {"counts": moment is None})
            record_change(
                organization=conversion.organization, subject=conversion, before=before, after=after
            )
    conversion.refresh_from_db(fields=["voided_at"])


def _build(organization: Organization, report: Report, by: User | None, now: datetime) -> Conversion:
    return Conversion(
        organization=organization,
        kind=report.kind,
        occurred_at=report.occurred_at or now,
        amount=report.amount,
        currency=report.currency,
        heard_of_us_from=report.heard_of_us_from,
        tracked_link=report.link,
        channel=report.channel,
        origin=report.origin,
        idempotency_key=report.idempotency_key,
        note=report.note,
        order_number=report.order_number,
        connection=report.connection,
        evidence=report.evidence.as_json(),
        touches_due_at=now if report.evidence or report.link else None,
        created_by=by,
    )


def _says_the_same(first: Conversion, report: Report) -> bool:
    said = (first.kind, first.amount, first.currency, first.heard_of_us_from)
    again = (report.kind, report.amount, report.currency, report.heard_of_us_from)
    # Where nobody named a link, the last touch may have done so meanwhile.
    is_same_link = report.link is None or report.link.pk == first.tracked_link_id
    # A phone at the counter tells how long ago it was, which differs by a little each time it asks.
    is_exact = report.origin != Origin.COUNTER and report.occurred_at is not None
    return said == again and is_same_link and (not is_exact or report.occurred_at == first.occurred_at)
