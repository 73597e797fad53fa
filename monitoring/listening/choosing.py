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

from accounts.models import Organization
from monitoring.lib.periods import PRESETS, Period, read_period
from monitoring.listening.models import Brand, BrandKind
from monitoring.listening.models.mentions import Tone
from monitoring.listening.selectors.mentions import MentionFilter
from monitoring.platforms.registry import CONNECTORS

TONES = {"positive": Tone.POSITIVE, "neutral": Tone.NEUTRAL, "negative": Tone.NEGATIVE}


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
    def preset(self) -> str:
        return self.parameters.get("period", "")

    @property
    def presets(self) -> tuple[str, ...]:
        return tuple(PRESETS)

    @cached_property
    def wanted(self) -> MentionFilter:
        keyword = self.parameters.get("keyword", "")
        tones = (TONES[name] for name in self.parameters.getlist("tone") if name in TONES)
        return MentionFilter(
            period=self.period,
            search=self.parameters.get("q", "")[:1000],
            platforms=tuple(slug for slug in self.parameters.getlist("platform") if slug in CONNECTORS),
            languages=tuple(code[:12] for code in self.parameters.getlist("language") if code),
            tones=tuple(int(tone) for tone in tones),
            keyword=int(keyword) if keyword.isdecimal() and len(keyword) < 19 else None,
            only_questions=self.parameters.get("questions") == "yes",
            author_key=self.parameters.get("author", "")[:600],
        )

    @property
    def is_filtered(self) -> bool:
        return any(
            self.parameters.get(name)
            for name in ("q", "platform", "language", "tone", "keyword", "questions", "author")
        )

    def address(self, **changes: str | None) -> str:
        """The query string of the same view with something changed; None leaves a parameter out."""
        parameters = {
            name: self.parameters.getlist(name) for name in self.parameters if name not in {"before", "after"}
        }
        parameters |= {name: [value] if value else [] for name, value in changes.items()}
        return "?" + urlencode(
            [(name, value) for name, values in parameters.items() for value in values if value]
        )
