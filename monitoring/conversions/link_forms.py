"""What people type about links, campaigns and the words they are tagged with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from monitoring.audience.models import PublishedPost
from monitoring.conversions.cost_forms import ChosenField, DayField
from monitoring.conversions.models import Campaign, Channel, TrackedLink, UtmField
from monitoring.conversions.models.campaigns import LONGEST_WORD
from monitoring.conversions.models.links import LONGEST_ADDRESS, LONGEST_SLUG
from monitoring.conversions.selectors.campaigns import list_words
from monitoring.conversions.selectors.costs import offered_campaigns
from monitoring.conversions.services.campaigns import CampaignPlan
from monitoring.conversions.services.words import write_word
from monitoring.lib.periods import local_day, local_midnight
from monitoring.listening.models import Mention

MOST_COUPONS: Final = 200
_LONGEST_CODE: Final = 60
_LARGEST_ID: Final = 2**63 - 1
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_web_address = URLValidator(
    schemes=["http", "https"], message=_("Give a web address, such as https://example.com.")
)
valid_slug = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9-]{2,39}\Z", _("Use 3 to 40 letters, digits and hyphens.")
)


def read_target(typed: str) -> str:
    """A public page that a link may lead to: http or https, no password in it, and not one of our own links.

    People type an address without its scheme; whatever names another scheme is refused.
    """
    address = typed if _SCHEME.match(typed) else f"https://{typed}"
    _web_address(address)
    parts = urlsplit(address)
    if parts.username or parts.password:
        raise ValidationError(_("Leave the name and password out of the address."))
    if parts.netloc.lower() == settings.PUBLIC_HOST.lower() and parts.path.startswith("/l/"):
        raise ValidationError(_("This is a tracked link already. Give the page it should lead to."))
    return address


def _address_field(**kwargs: Any) -> forms.CharField:
    attributes = {"inputmode": "url", "autocomplete": "off", "placeholder": "https://"}
    return forms.CharField(max_length=LONGEST_ADDRESS, widget=forms.TextInput(attrs=attributes), **kwargs)


def _word_field(name: str, **kwargs: Any) -> forms.CharField:
    attributes = {"list": f"words-{name}", "autocomplete": "off", "autocapitalize": "none"}
    return forms.CharField(
        required=False,
        max_length=LONGEST_WORD,
        widget=forms.TextInput(attrs=attributes),
        **kwargs,
    )


class LinkForm(forms.Form):
    """A tracked link, new or as it is. Its ending stays: it may be printed."""

    target = _address_field(
        label=_("Leads to"), help_text=_("Your shop, your menu, the page with the offer.")
    )
    label = forms.CharField(
        label=_("Name"),
        max_length=120,
        widget=forms.TextInput(attrs={"placeholder": _("Autumn menu, story")}),
    )
    channel = forms.ChoiceField(label=_("Where you put it"), choices=Channel.choices)
    slug = forms.CharField(
        label=_("Ending of your choice"),
        required=False,
        max_length=LONGEST_SLUG,
        help_text=_("Letters, digits and hyphens. Empty: we make a short one."),
        validators=[valid_slug],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    campaign = ChosenField(label=_("Campaign"), required=False)
    utm_source = _word_field(
        UtmField.SOURCE, label=_("Source"), help_text=_("utm_source. Empty: where you put it.")
    )
    utm_medium = _word_field(
        UtmField.MEDIUM, label=_("Medium"), help_text=_("utm_medium. Empty: what fits, such as social.")
    )
    utm_content = _word_field(
        "content",
        label=_("Content"),
        help_text=_("utm_content. Tells two links of a campaign apart, such as top and bottom."),
    )
    add_words = forms.BooleanField(label=_("Keep new words for the next links"), required=False)
    last_day = DayField(label=_("Works until"), required=False, help_text=_("Its last day. Empty: for good."))
    fallback = _address_field(
        label=_("Leads afterwards to"), required=False, help_text=_("Empty: a page that says it has ended.")
    )
    post = forms.IntegerField(required=False, min_value=1, max_value=_LARGEST_ID, widget=forms.HiddenInput())
    mention = forms.IntegerField(
        required=False, min_value=1, max_value=_LARGEST_ID, widget=forms.HiddenInput()
    )
    FOLDED = ("campaign", "utm_source", "utm_medium", "utm_content", "add_words", "last_day", "fallback")

    def __init__(
        self,
        data: QueryDict | Mapping[str, Any] | None = None,
        *,
        organization: Organization,
        link: TrackedLink | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={**_facts_of(link), **(initial or {})})
        self.organization, self.link = organization, link
        self.words = list_words(organization=organization)
        offered = offered_campaigns(organization=organization, chosen=link.campaign_id if link else None)
        choice: Any = self.fields["campaign"]
        choice.offer(((each, each.name) for each in offered), _("No campaign"))
        if link:
            del self.fields["slug"]

    def clean_target(self) -> str:
        return read_target(self.cleaned_data["target"])

    def clean_fallback(self) -> str:
        typed: str = self.cleaned_data["fallback"]
        return read_target(typed) if typed else ""

    def clean_utm_content(self) -> str:
        return write_word(self.cleaned_data["utm_content"])

    def clean_utm_source(self) -> str:
        return write_word(self.cleaned_data["utm_source"])

    def clean_utm_medium(self) -> str:
        return write_word(self.cleaned_data["utm_medium"])

    def clean_post(self) -> PublishedPost | None:
        found: PublishedPost | None = self._own(PublishedPost, "post")
        return found

    def clean_mention(self) -> Mention | None:
        found: Mention | None = self._own(Mention, "mention")
        return found

    def _own(self, model: Any, name: str) -> Any:
        number = self.cleaned_data[name]
        if number is None:
            return None
        found = model.objects.filter(organization=self.organization, pk=number).first()
        if found is None:
            raise ValidationError(_("The post or mention that this link belongs to is gone."))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("fallback") and not data.get("last_day"):
            self.add_error("last_day", _("Give the last day, after which it leads elsewhere."))
        if not data.get("add_words"):
            for field in UtmField.values:
                self._check_word(field)
        return data

    def _check_word(self, field: str) -> None:
        word = self.cleaned_data.get(f"utm_{field}")
        if word and word not in {each.word for each in self.words[field]}:
            self.add_error(
                f"utm_{field}",
                gettext("“%(word)s” is not one of your words. Take one of them, or tick “%(keep)s”.")
                % {"word": word, "keep": self.fields["add_words"].label},
            )

    def new_words(self) -> list[tuple[str, str]]:
        """Fields and words to be kept."""
        said = [(str(field), self.cleaned_data[f"utm_{field}"]) for field in UtmField.values]
        return [(field, word) for field, word in said if word]

    def facts(self) -> dict[str, Any]:
        """What the services of links take."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "add_words"}
        last_day = data.pop("last_day")
        zone = ZoneInfo(self.organization.time_zone)
        ends = local_midnight(last_day + timedelta(days=1), zone) if last_day else None
        return {**data, "expires_at": ends}


def _facts_of(link: TrackedLink | None) -> dict[str, Any]:
    if link is None:
        return {}
    names = ("target", "label", "channel", "utm_source", "utm_medium", "utm_content", "fallback")
    ends = link.expires_at
    zone = ZoneInfo(link.organization.time_zone)
    return {
        **{name: getattr(link, name) for name in names},
        "campaign": link.campaign_id,
        "post": link.post_id,
        "mention": link.mention_id,
        "last_day": local_day(ends - timedelta(seconds=1), zone) if ends else None,
    }


class CampaignForm(forms.Form):
    """A campaign, new or as it is."""

    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"placeholder": _("Autumn menu")})
    )
    starts_on = DayField(label=_("Begins"))
    ends_on = DayField(label=_("Ends"), required=False, help_text=_("Its last day. Empty: it goes on."))
    slug = forms.CharField(
        label=_("Tag"),
        required=False,
        max_length=LONGEST_WORD,
        help_text=_("What utm_campaign says. Empty: made of the name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    coupons = forms.CharField(
        label=_("Coupon codes"),
        required=False,
        max_length=MOST_COUPONS * (_LONGEST_CODE + 2),
        help_text=_("One a line. An order with one of them counts for this campaign."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "autocapitalize": "characters"}),
    )
    coupon_channel = forms.ChoiceField(
        label=_("Where you give new codes out"),
        required=False,
        choices=[("", _("Everywhere")), *Channel.choices],
    )

    @classmethod
    def facts_of(cls, campaign: Campaign | None, organization: Organization) -> dict[str, Any]:
        """What the form shows at first."""
        if campaign is None:
            return {"starts_on": local_day(timezone.now(), ZoneInfo(organization.time_zone))}
        codes = sorted(coupon.code for coupon in campaign.coupons.all())
        names = ("name", "slug", "starts_on", "ends_on")
        return {**{name: getattr(campaign, name) for name in names}, "coupons": "\n".join(codes)}

    def clean_coupons(self) -> list[str]:
        codes = [code.strip() for code in re.split(r"[\n,;]", self.cleaned_data["coupons"])]
        wanted = list({code.lower(): code for code in codes if code}.values())
        for code in wanted:
            if len(code) > _LONGEST_CODE or re.search(r"\s", code):
                raise ValidationError(
                    _("“%(code)s” is no code: 60 signs at most, no spaces.") % {"code": code[:60]}
                )
        if len(wanted) > MOST_COUPONS:
            raise ValidationError(_("At most 200 codes a campaign."))
        return wanted

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["slug"] = write_word(data.get("slug", "")) or slugify(data.get("name", ""), allow_unicode=True)
        if "name" in data and not data["slug"]:
            self.add_error("slug", _("Give a tag: nothing in this name can stand in an address."))
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("It cannot end before it begins."))
        return data

    def plan(self) -> CampaignPlan:
        data = self.cleaned_data
        return CampaignPlan(**{**data, "slug": data["slug"][:LONGEST_WORD]})


class WordForm(forms.Form):
    """A word for links."""

    field = forms.ChoiceField(label=_("Used as"), choices=UtmField.choices)
    word = forms.CharField(
        label=_("Word"),
        max_length=LONGEST_WORD,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    channel = forms.ChoiceField(
        label=_("Stands for"),
        required=False,
        choices=[("", _("Nothing in particular")), *Channel.choices],
        help_text=_("Only a source stands for something: visits tagged with it count there."),
    )

    def clean_word(self) -> str:
        word = write_word(self.cleaned_data["word"])
        if not word:
            raise ValidationError(_("Give a word of letters or digits."))
        return word
