"""What people type about what social media takes: money, minutes, and what the return is computed with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.choices import currency_choices
from accounts.models import Organization
from accounts.widgets import LongSelect
from monitoring.audience.models import PublishedPost
from monitoring.conversions.forms import read_amount, write_amount
from monitoring.conversions.models import Assumptions, Campaign, Channel, Spend, TimeSpent
from monitoring.conversions.naming import name_post
from monitoring.conversions.selectors.costs import offered_campaigns, offered_posts
from monitoring.conversions.services.costs import LONGEST_DAYS, LONGEST_NOTE, Expense, boost
from monitoring.conversions.services.time_spent import LONGEST_MINUTES, Place
from monitoring.lib.periods import EARLIEST, LATEST

LONGEST_BOOST: Final = 90
LONGEST_WINDOW: Final = 365


class DayField(forms.DateField):
    """A day with the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is not None and not EARLIEST <= value < LATEST:
            raise ValidationError(_("This day is too far away."), code="day")


def _amount_field(**kwargs: Any) -> forms.CharField:
    attributes = {"inputmode": "decimal", "autocomplete": "off"}
    return forms.CharField(max_length=60, widget=forms.TextInput(attrs=attributes), **kwargs)


def _note_field() -> forms.CharField:
    return forms.CharField(label=_("Note"), required=False, max_length=LONGEST_NOTE)


class ChosenField(forms.ChoiceField):
    """One of the organization's objects; None where none was chosen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.objects: dict[str, Any] = {}

    def offer(self, objects: Iterable[tuple[Any, str]], nothing: Any = None) -> None:
        known = list(objects)
        self.objects = {str(each.pk): each for each, _label in known}
        choices = [(str(each.pk), label) for each, label in known]
        self.choices = choices if nothing is None else [("", nothing), *choices]

    def clean(self, value: Any) -> Any:
        return self.objects.get(super().clean(value))


class _WhereForm(forms.Form):
    """Where money or minutes went: a channel, a campaign, a post. All of it may be left open."""

    channel = forms.ChoiceField(
        label=_("Where"), required=False, choices=[("", _("Nowhere in particular")), *Channel.choices]
    )
    campaign = ChosenField(label=_("Campaign"), required=False)
    post = ChosenField(
        label=_("Post"), required=False, help_text=_("Where you chose none above, its platform is where.")
    )
    note = _note_field()

    def __init__(
        self, *args: Any, organization: Organization, entry: Spend | TimeSpent | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization
        _offer_campaigns(self.fields["campaign"], organization, entry.campaign_id if entry else None)
        _offer_posts(self.fields["post"], organization, entry.post_id if entry else None, _("No post"))

    def where(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("channel", "campaign", "post", "note")}


def _offer_campaigns(field: Any, organization: Organization, chosen: int | None) -> None:
    campaigns: list[Campaign] = offered_campaigns(organization=organization, chosen=chosen)
    field.offer(((each, each.name) for each in campaigns), _("No campaign"))


def _offer_posts(field: Any, organization: Organization, chosen: int | None, nothing: Any = None) -> None:
    posts = offered_posts(organization=organization, chosen=chosen)
    field.offer(((each, _say_post(each)) for each in posts), nothing)


def _say_post(post: PublishedPost) -> str:
    return f"{date_format(post.published_at, 'SHORT_DATE_FORMAT')} · {name_post(post)}"


class SpendForm(_WhereForm):
    """An expense, for one day or for each of several."""

    kind = forms.ChoiceField(label=_("For what"), choices=Spend.Kind.choices, initial=Spend.Kind.ADS)
    amount = _amount_field(label=_("Amount a day"))
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices, widget=LongSelect)
    first_day = DayField(label=_("First day"))
    last_day = DayField(
        label=_("Last day"), required=False, help_text=_("Leave it empty for a single payment.")
    )
    idempotency_key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput(), required=False)

    field_order = (
        "kind",
        "amount",
        "currency",
        "first_day",
        "last_day",
        "channel",
        "campaign",
        "post",
        "note",
    )

    @staticmethod
    def facts_of(spend: Spend) -> dict[str, Any]:
        """What the form shows at first."""
        return {
            "kind": spend.kind,
            "amount": write_amount(spend.amount_a_day, spend.currency),
            "currency": spend.currency,
            "first_day": spend.first_day,
            "last_day": spend.last_day,
            "channel": spend.channel,
            "campaign": spend.campaign_id,
            "post": spend.post_id,
            "note": spend.note,
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        _read_amount_into(self, data)
        first, last = data.get("first_day"), data.get("last_day") or data.get("first_day")
        data["last_day"] = last
        if first and last and last < first:
            self.add_error("last_day", _("The last day lies before the first."))
        elif first and last and (last - first).days >= LONGEST_DAYS:
            self.add_error("last_day", _("A year at most. Enter longer spending in parts."))
        return data

    def expense(self) -> Expense:
        data = self.cleaned_data
        return Expense(
            amount_a_day=data["amount"],
            currency=data["currency"],
            first_day=data["first_day"],
            last_day=data["last_day"],
            kind=data["kind"],
            **self.where(),
        )


def _read_amount_into(form: forms.Form, data: dict[str, Any]) -> None:
    if "amount" in data and "currency" in data:
        try:
            data["amount"] = read_amount(data["amount"], data["currency"])
        except ValidationError as error:
            form.add_error("amount", error)


class BoostForm(forms.Form):
    """ "€5 a day for 7 days"."""

    post = ChosenField(label=_("Which post"))
    amount = _amount_field(label=_("Amount a day"))
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices, widget=LongSelect)
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=LONGEST_BOOST, initial=7)
    first_day = DayField(label=_("First day"))
    idempotency_key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput(), required=False)

    def __init__(self, *args: Any, organization: Organization, post_id: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_posts(self.fields["post"], organization, post_id)

    @property
    def has_posts(self) -> bool:
        field = self.fields["post"]
        return isinstance(field, ChosenField) and bool(field.objects)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        _read_amount_into(self, data)
        return data

    def expense(self) -> Expense:
        data = self.cleaned_data
        return boost(
            post=data["post"],
            a_day=data["amount"],
            currency=data["currency"],
            first_day=data["first_day"],
            days=data["days"],
        )


class PlaceForm(_WhereForm):
    """What a timer is started for."""

    def place(self) -> Place:
        return Place(**self.where())


class TimeForm(PlaceForm):
    """Minutes entered by hand."""

    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=LONGEST_MINUTES)
    day = DayField(label=_("Day"))

    field_order = ("minutes", "day", "channel", "campaign", "post", "note")

    @staticmethod
    def facts_of(entry: TimeSpent) -> dict[str, Any]:
        return {
            "minutes": entry.minutes,
            "day": entry.day,
            "channel": entry.channel,
            "campaign": entry.campaign_id,
            "post": entry.post_id,
            "note": entry.note,
        }


class AssumptionsForm(forms.Form):
    """What the organization says about itself."""

    margin = forms.DecimalField(
        label=_("Margin in percent"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        help_text=_(
            "What is left of 100 in sales after goods, packing and postage. Empty: we claim no return."
        ),
        localize=True,
    )
    hourly_rate = _amount_field(
        label=_("What an hour of your time costs"),
        required=False,
        help_text=_(
            "Wages with everything on top, or what you could earn elsewhere. Empty: your time costs nothing."
        ),
    )
    minutes_a_week = forms.IntegerField(
        label=_("Minutes a week for social media"),
        required=False,
        min_value=1,
        max_value=7 * LONGEST_MINUTES,
        help_text=_("What you want to spend at most. Empty: no budget."),
    )
    window_days = forms.IntegerField(
        label=_("Days before an order that count"),
        min_value=1,
        max_value=LONGEST_WINDOW,
        help_text=_("A visit longer before an order gets no credit for it."),
    )
    half_life_days = forms.IntegerField(
        label=_("Days after which a touch counts half"),
        min_value=1,
        max_value=LONGEST_WINDOW,
        help_text=_("For the model “Time decay”."),
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        label = _("What an hour of your time costs, in %(currency)s") % {"currency": currency}
        self.fields["hourly_rate"].label = label

    @staticmethod
    def facts_of(assumptions: Assumptions, currency: str) -> dict[str, Any]:
        rate = assumptions.hourly_rate
        return {
            "margin": assumptions.margin,
            "hourly_rate": "" if rate is None else write_amount(rate, currency),
            "minutes_a_week": assumptions.minutes_a_week,
            "window_days": assumptions.window_days,
            "half_life_days": assumptions.half_life_days,
        }

    def clean_hourly_rate(self) -> Decimal | None:
        typed: str = self.cleaned_data["hourly_rate"].strip()
        return read_amount(typed, self.currency) if typed else None
