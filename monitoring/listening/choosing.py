"""What a page of the listening side looks at: brand, period and filters, read from the address.

The address holds the whole state; whatever it names wrongly falls back to the usual view.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from monitoring.lib.periods import PRESETS, Period, local_day, read_period
from monitoring.listening.models import Brand, BrandKind
from monitoring.listening.models.mentions import Tone
from monitoring.listening.selectors.mentions import MentionFilter
from monitoring.platforms.registry import CONNECTORS

StrOrPromise = str | Promise
FILTERS = ("q", "platform", "language", "tone", "keyword", "questions", "author")
TONES = {"positive": Tone.POSITIVE, "neutral": Tone.NEUTRAL, "negative": Tone.NEGATIVE}


PRESET_LABELS = (_("Last 7 days"), _("Last 30 days"), _("Last 90 days"), _("Last 12 months"))


@dataclass(frozen=True)
class ViewLink:
    label: StrOrPromise
    address: str
    is_current: bool


@dataclass(frozen=True)
class Choice:
    organization: Organization
    parameters: QueryDict

    @cached_property
    def brands(self) -> list[Brand]:
        """All brands, our own first."""
        brands = Brand.objects.filter(organization=self.organization).order_by("pk")
        return sorted(brands, key=lambda brand: brand.kind != BrandKind.OWN)

    @cached_property
    def brand(self) -> Brand | None:
        named = self.parameters.get("brand", "")
        return next((brand for brand in self.brands if str(brand.pk) == named), next(iter(self.brands), None))

    @cached_property
    def period(self) -> Period:
        return read_period(
            self.preset,
            self.parameters.get("from", ""),
            self.parameters.get("to", ""),
            now=timezone.now(),
            zone=ZoneInfo(self.organization.time_zone),
            week_start=self.organization.week_start,
        )

    @property
    def compares_years(self) -> bool:
        return self.parameters.get("compare") == "year"

    @cached_property
    def compared(self) -> Period:
        """What the period is compared with: the same number of days before it, or the same days a year ago."""
        return self.period.year_before() if self.compares_years else self.period.previous()

    @property
    def comparison_links(self) -> list[ViewLink]:
        return [
            ViewLink(_("The days before"), self.address(compare=None), not self.compares_years),
            ViewLink(_("The year before"), self.address(compare="year"), self.compares_years),
        ]

    @property
    def preset(self) -> str:
        return self.parameters.get("period", "")

    @property
    def preset_label(self) -> StrOrPromise | None:
        """The name of the period where it has one."""
        today = local_day(timezone.now(), self.period.zone)
        named = {days: label for (_name, days), label in zip(PRESETS.items(), PRESET_LABELS, strict=True)}
        return named.get(self.period.days) if self.period.last == today else None

    @property
    def period_links(self) -> list[ViewLink]:
        return [
            ViewLink(
                label, self.address(**{"period": name, "from": None, "to": None}), label == self.preset_label
            )
            for name, label in zip(PRESETS, PRESET_LABELS, strict=True)
        ]

    @property
    def brand_links(self) -> list[ViewLink]:
        return [
            ViewLink(brand.name, self.address(brand=str(brand.pk), keyword=None), brand == self.brand)
            for brand in self.brands
        ]

    @property
    def cleared(self) -> str:
        """The same brand and period without filters."""
        return self.address(**dict.fromkeys(FILTERS))

    @property
    def kept_by_filters(self) -> list[tuple[str, str]]:
        """The parameters that the form of filters must carry along."""
        return [
            (name, value)
            for name in ("brand", "period", "from", "to", "compare")
            for value in self.parameters.getlist(name)
        ]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The parameters that a form for another period must carry along."""
        others = set(self.parameters) - {"period", "from", "to", "before", "after"}
        return [(name, value) for name in sorted(others) for value in self.parameters.getlist(name)]

    @cached_property
    def wanted(self) -> MentionFilter:
        keyword = self.parameters.get("keyword", "")
        tones = (TONES[name] for name in self.parameters.getlist("tone") if name in TONES)
        return MentionFilter(
            period=self.period,
            search=_typed(self.parameters.get("q", ""))[:1000],
            platforms=tuple(slug for slug in self.parameters.getlist("platform") if slug in CONNECTORS),
            languages=tuple(_typed(code)[:12] for code in self.parameters.getlist("language") if code),
            tones=tuple(int(tone) for tone in tones),
            keyword=int(keyword) if keyword.isdecimal() and len(keyword) < 19 else None,
            only_questions=self.parameters.get("questions") == "yes",
            author_key=_typed(self.parameters.get("author", ""))[:600],
        )

    @property
    def is_filtered(self) -> bool:
        return any(self.parameters.get(name) for name in FILTERS)

    def address(self, **changes: str | None) -> str:
        """The query string of the same view with something changed; None leaves a parameter out."""
        parameters = {
            name: self.parameters.getlist(name) for name in self.parameters if name not in {"before", "after"}
        }
        parameters |= {name: [value] if value else [] for name, value in changes.items()}
        return "?" + urlencode(
            [(name, value) for name, values in parameters.items() for value in values if value]
        )


def _typed(text: str) -> str:
    """PostgreSQL's text has no NUL, so nothing that holds one can be found."""
    return text.replace("\0", "")
