"""Which month to share, with or without money, and for how long."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from monitoring.lib.periods import ONE_DAY
from monitoring.reports.months.wording import name_month

MONTHS_BACK = 24
_HOLDS_FOR = ((30, _("30 days")), (90, _("90 days")), (365, _("A year")))


class ShareMonthForm(forms.Form):
    field_order = ("month", "shows_money", "days")
    shows_money = forms.BooleanField(
        label=_("Show money and numbers of orders"),
        required=False,
        help_text=_("Without them the page shows shares of the goal, mentions, reactions and followers."),
    )
    days = forms.TypedChoiceField(label=_("The link works for"), choices=_HOLDS_FOR, coerce=int, initial=90)

    def __init__(self, data: object = None, *, today: date) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict, or nothing
        months = last_months(today)
        self.fields["month"] = forms.TypedChoiceField(
            label=_("Month"),
            choices=[(day.isoformat(), name_month(day)) for day in months],
            coerce=date.fromisoformat,
            initial=months[1].isoformat(),
        )
        self.order_fields(self.field_order)

    @property
    def holds_for(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])


def last_months(today: date) -> list[date]:
    """The first days of this month and of those before it, the latest first."""
    months = [today.replace(day=1)]
    while len(months) < MONTHS_BACK:
        months.append((months[-1] - ONE_DAY).replace(day=1))
    return months
