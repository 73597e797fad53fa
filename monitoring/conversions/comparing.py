"""The five answers to "what brought this?", side by side for a page. They are never added together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization
from monitoring.conversions.models import Assumptions, Channel, CreditModel, Kind
from monitoring.conversions.models.channels import is_social
from monitoring.conversions.models.conversions import kind_label
from monitoring.conversions.parts_behind import ALL_SOCIAL, PartsBehind
from monitoring.conversions.selectors.credits import CreditRow, credits_of_models
from monitoring.conversions.selectors.returns import find_assumptions
from monitoring.lib.figures import format_money, format_number
from monitoring.lib.periods import Period

_DEFINITIONS: dict[CreditModel, str | Promise] = {
    CreditModel.FIRST: gettext_lazy("All of it to the first time somebody came."),
    CreditModel.LAST: gettext_lazy("All of it to the last time somebody came; coming directly is none."),
    CreditModel.LINEAR: gettext_lazy("The same part to each time somebody came."),
    CreditModel.DECAY: gettext_lazy("A touch %(days)s days before another counts half as much."),
    CreditModel.SAID: gettext_lazy("All of it to what the customer answered."),
}

_FEW = 10


def round_parts(number: Decimal) -> Decimal:
    """Parts of a conversion keep two decimals where there are few, and one otherwise: everywhere alike."""
    step = Decimal("0.01") if abs(number) < _FEW else Decimal("0.1")
    return number.quantize(step, ROUND_HALF_UP).normalize()


@dataclass(frozen=True)
class Figure:
    """How many, and how much in the page's currency."""

    number: Decimal
    amount: Decimal
    currency: str

    @property
    def number_said(self) -> str:
        return format_number(round_parts(self.number))

    @property
    def amount_said(self) -> str:
        """Nothing where nobody paid."""
        return format_money(self.amount, self.currency) if self.amount else ""


@dataclass(frozen=True)
class ComparedChannel:
    """One channel under each model, in the order of CreditModel. "" is what nobody is credited with."""

    channel: str
    label: str
    figures: tuple[Figure, ...]
    addresses: tuple[str, ...]  # of the conversions behind each

    @property
    def by_model(self) -> Iterable[tuple[CreditModel, Figure, str]]:
        return zip(CreditModel, self.figures, self.addresses, strict=True)


@dataclass(frozen=True)
class ComparedModel:
    model: CreditModel
    label: str
    definition: str
    social: Figure
    social_address: str
    elsewhere: Figure  # channels that are no social media
    unattributed: Figure
    total: Figure  # the same for every model


@dataclass(frozen=True)
class Comparison:
    """`other_currencies` have credits too; they are counted and their money is not added."""

    kind: str
    currency: str
    window_days: int
    models: tuple[ComparedModel, ...]
    channels: tuple[ComparedChannel, ...]
    other_currencies: tuple[str, ...]

    @property
    def kind_said(self) -> str:
        return kind_label(self.kind)

    @property
    def total(self) -> Figure:
        return self.models[0].total

    @property
    def is_empty(self) -> bool:
        return not self.channels


def compare_models(
    *,
    organization: Organization,
    period: Period,
    kind: str = Kind.ORDER,
    currency: str = "",
    assumptions: Assumptions | None = None,
) -> Comparison:
    """Everything `conversions/_credits.html` shows; include it with `comparison=`. Two queries, or one."""
    currency = currency or organization.currency
    assumptions = assumptions or find_assumptions(organization=organization)
    by_model = credits_of_models(organization=organization, period=period, kind=kind)
    behind = PartsBehind.of(organization, period, kind)
    return Comparison(
        kind=kind,
        currency=currency,
        window_days=assumptions.window_days,
        models=tuple(_model(model, rows, currency, assumptions, behind) for model, rows in by_model.items()),
        channels=_channels(by_model, currency, behind),
        other_currencies=_other_currencies(by_model, currency),
    )


def define_model(model: CreditModel, assumptions: Assumptions) -> str:
    """What a model does, in one line."""
    return str(_DEFINITIONS[model]) % {"days": assumptions.half_life_days}


def _model(
    model: CreditModel,
    rows: Mapping[str, CreditRow],
    currency: str,
    assumptions: Assumptions,
    behind: PartsBehind,
) -> ComparedModel:
    return ComparedModel(
        model=model,
        label=str(model.label),
        definition=define_model(model, assumptions),
        social=_sum((row for channel, row in rows.items() if is_social(channel)), currency),
        social_address=behind.address(model, channel=ALL_SOCIAL),
        elsewhere=_sum(
            (row for channel, row in rows.items() if channel and not is_social(channel)), currency
        ),
        unattributed=_sum((row for channel, row in rows.items() if not channel), currency),
        total=_sum(rows.values(), currency),
    )


def _sum(rows: Iterable[CreditRow], currency: str) -> Figure:
    known = list(rows)
    return Figure(
        sum((row.number for row in known), Decimal(0)),
        sum((row.amount_in(currency) for row in known), Decimal(0)),
        currency,
    )


def _channels(
    by_model: Mapping[CreditModel, Mapping[str, CreditRow]], currency: str, behind: PartsBehind
) -> tuple[ComparedChannel, ...]:
    """Most by the model that credits it most; what nobody is credited with comes last."""
    named = {channel for rows in by_model.values() for channel in rows}
    compared = [
        ComparedChannel(
            channel,
            str(Channel(channel).label) if channel else _("Not known"),
            tuple(_sum([rows[channel]] if channel in rows else [], currency) for rows in by_model.values()),
            tuple(behind.address(model, channel=channel) for model in by_model),
        )
        for channel in named
    ]
    return tuple(sorted(compared, key=_place))


def _place(compared: ComparedChannel) -> tuple[bool, Decimal, str]:
    return (
        compared.channel == "",
        -max(figure.number for figure in compared.figures),
        compared.channel,
    )


def _other_currencies(
    by_model: Mapping[CreditModel, Mapping[str, CreditRow]], currency: str
) -> tuple[str, ...]:
    present = {each for rows in by_model.values() for row in rows.values() for each in row.amounts}
    return tuple(sorted(present - {currency}))
