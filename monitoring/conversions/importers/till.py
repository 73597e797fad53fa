"""Sales of the till."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import currency_choices
from accounts.models import Organization
from monitoring.conversions.crediting.evidence import NO_EVIDENCE, Evidence
from monitoring.conversions.importers.cells import (
    CHANNELS,
    read_channel,
    read_currency,
    read_kind,
    read_moment,
    read_signed,
)
from monitoring.conversions.models import Conversion, Kind, Origin
from monitoring.conversions.models.conversions import ONE_OF_A_KIND, WORTH_NO_MONEY
from monitoring.conversions.services.recording import Report, record_conversions
from monitoring.conversions.services.refunding import Refund, record_refund
from monitoring.jobs.importers import TIME_OF_DAY, BadRow, Field, Setting


@dataclass(frozen=True)
class TillLine:
    """A sale, or money given back for one."""

    report: Report
    given_back: Decimal | None = None


class TillImporter:
    """Sales of a till, and whatever else was counted there."""

    slug = "till"
    title = gettext_lazy("Sales of your till")
    explanation = gettext_lazy(
        "One line a sale, with its day and amount. A negative amount with the receipt number of a sale takes it back."
    )
    fields: Sequence[Field] = (
        Field(
            name="day",
            label=gettext_lazy("Day"),
            known_as=(
                "date",
                "day",
                "datum",
                "belegdatum",
                "fecha",
                "tanggal",
                "data",
                "created at",
                "timestamp",
            ),
            is_needed=True,
            is_date=True,
        ),
        TIME_OF_DAY,
        Field(
            name="kind",
            label=gettext_lazy("What happened"),
            known_as=("type", "kind", "art", "event"),
            is_needed=True,
            always=[(kind, name) for kind, name in ONE_OF_A_KIND.items() if kind != Kind.VISIT],
        ),
        Field(
            name="amount",
            label=gettext_lazy("Amount"),
            known_as=(
                "total",
                "amount",
                "gross",
                "betrag",
                "brutto",
                "summe",
                "importe",
                "montant",
                "totale",
                "jumlah",
            ),
        ),
        Field(
            name="currency",
            label=gettext_lazy("Currency"),
            known_as=("currency", "währung", "moneda", "devise", "valuta", "moeda"),
            always=[(code, code) for code, _name in currency_choices()],
            help=gettext_lazy("Otherwise that of your business."),
        ),
        Field(
            name="receipt",
            label=gettext_lazy("Receipt number"),
            known_as=(
                "receipt",
                "receipt no",
                "beleg",
                "belegnummer",
                "bon",
                "order",
                "order id",
                "transaction id",
                "ticket",
            ),
            help=gettext_lazy("With it a sale is known again, whatever else changed in its line."),
        ),
        Field(
            name="channel",
            label=gettext_lazy("How they heard of you"),
            known_as=("channel", "source", "heard", "herkunft", "quelle"),
            always=CHANNELS,
        ),
        Field(
            name="coupon",
            label=gettext_lazy("Coupon code"),
            known_as=("coupon", "code", "voucher", "discount code", "gutschein", "cupón"),
        ),
    )

    def prepare(self, organization: Organization) -> Mapping[str, Any]:
        return {}

    def read(self, said: Mapping[str, str], key: str, setting: Setting) -> TillLine:
        receipt = said["receipt"][:150]
        kind = read_kind(said["kind"])
        amount, is_negative = read_signed(said, setting, needed=False)
        if is_negative and not receipt:
            raise BadRow(_("Money given back needs the receipt number of its sale."))
        if kind in WORTH_NO_MONEY:
            amount = None
        report = Report(
            kind=kind,
            origin=Origin.IMPORT,
            idempotency_key=f"till:{receipt or key}",
            occurred_at=read_moment(said, setting),
            amount=None if is_negative else amount,
            currency="" if amount is None or is_negative else read_currency(said, setting),
            heard_of_us_from=read_channel(said["channel"]),
            order_number=receipt[:100],
            evidence=Evidence(coupons=(said["coupon"][:60],)) if said["coupon"] else NO_EVIDENCE,
        )
        return TillLine(report, amount if is_negative else None)

    def write(self, items: Sequence[TillLine], setting: Setting) -> tuple[int, Sequence[tuple[int, str]]]:
        organization = setting.organization
        sales = [item.report for item in items if item.given_back is None]
        new = len({sale.idempotency_key for sale in sales} - _known_keys(organization, sales))
        record_conversions(organization=organization, reports=sales)
        refused = []
        for place, item in enumerate(items):
            if item.given_back is not None:
                is_new = _give_back(organization, item.report, item.given_back)
                new += bool(is_new)
                if is_new is None:
                    refused.append(
                        (place, _("There is no sale with this receipt number, or it is taken back already."))
                    )
        return new, refused


def _known_keys(organization: Organization, reports: Sequence[Report]) -> set[str]:
    keys = [report.idempotency_key for report in reports]
    known = Conversion.objects.filter(organization=organization, idempotency_key__in=keys)
    return set(known.values_list("idempotency_key", flat=True))


def _give_back(organization: Organization, report: Report, amount: Decimal) -> bool | None:
    """Whether it is new; None where there is nothing it could be taken from."""
    sale = Conversion.objects.filter(
        organization=organization, idempotency_key=report.idempotency_key, reverses=None
    ).first()
    if sale is None or report.occurred_at is None or not amount:
        return None
    key = f"{report.idempotency_key}:back:{report.occurred_at:%Y%m%d%H%M%S}:{amount.normalize():f}"
    refund = Refund(
        idempotency_key=key[:200],
        occurred_at=max(report.occurred_at, sale.occurred_at),
        amount=amount,
        cancels=sale.amount is not None and amount >= sale.amount,
    )
    recorded = record_refund(conversion=sale, refund=refund)
    return None if recorded is None else recorded.is_new
