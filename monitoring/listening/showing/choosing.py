"""What a page of the listening side looks at: brand, period and filters, read from the address.

The address holds the whole state; whatever it names wrongly falls back to the usual view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from monitoring.lib.exporting import ExportFormat
from monitoring.lib.periods import PRESETS, Period, local_day, read_period
from monitoring.lib.written_queries import Columns
from monitoring.listening.models import Brand, BrandKind
from monitoring.listening.models.mentions import MentionStatus, Tone
from monitoring.listening.selectors.filtering import MentionFilter
from monitoring.platforms.registry import CONNECTORS, IMPORTED

StrOrPromise = str | Promise
FILTERS = (
    "q", "platform", "language", "tone", "keyword", "has", "questions", "min_followers", "max_followers", "status",
    "tag", "author", "community", "link", "hashtag", "term",
)  # fmt: skip
TONES = {"positive": Tone.POSITIVE, "neutral": Tone.NEUTRAL, "negative": Tone.NEGATIVE}
STATUSES = {
    "open": MentionStatus.OPEN,
    "answered": MentionStatus.ANSWERED,
    "archived": MentionStatus.ARCHIVED,
    "not_about_us": MentionStatus.NOT_ABOUT_US,
    "muted": MentionStatus.MUTED,
    "unmatched": MentionStatus.UNMATCHED,
}
CURSORS = ("before", "after", "back")  # where in a list somebody is
PARTS = frozenset({"question", "link", "media"})
SORTS = ("time", "reach", "engagement")

# Written by hand: every page of a brand asks it.
_OF_BRAND: Final = Columns(Brand)
_BRANDS: Final = f"""
    select {_OF_BRAND.of("brand")} from listening_brand brand where organization_id = %s order by id
"""  # noqa: S608 - put together from constants

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
        brands = _OF_BRAND.fetch(_BRANDS, [self.organization.pk])
        return sorted(brands, key=lambda brand: brand.kind != BrandKind.OWN)

    @cached_property
    def brand(self) -> Brand | None:
        named = self.parameters.get("brand", "")
        return next((brand for brand in self.brands if str(brand.pk) == named), next(iter(self.brands), None))

    @cached_property
    def period(self) -> Period:
        return read_period(
            self.preset,
            self._day("from"),
            self._day("to"),
            now=timezone.now(),
            zone=ZoneInfo(self.organization.time_zone),
            week_start=self.organization.week_start,
        )

    def _day(self, name: str) -> str:
        """The day of a moment: a bar of one hour leads to the rows of that hour."""
        return self.parameters.get(name, "").partition("T")[0]

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
        return self.address(**dict.fromkeys((*FILTERS, "view")))

    @property
    def kept_by_filters(self) -> list[tuple[str, str]]:
        """The parameters that the form of filters must carry along."""
        return [
            (name, value)
            for name in ("brand", "period", "from", "to", "compare", "sort")
            for value in self.parameters.getlist(name)
        ]

    @property
    def kept_by_form(self) -> list[tuple[str, str]]:
        """The filters that have no field in the form: it must carry them along."""
        names = ("keyword", "author", "community", "link", "hashtag", "term")
        return [(name, value) for name in names for value in self.parameters.getlist(name)]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The parameters that a form for another period must carry along."""
        others = set(self.parameters) - {"period", "from", "to", *CURSORS}
        return [(name, value) for name in sorted(others) for value in self.parameters.getlist(name)]

    @cached_property
    def wanted(self) -> MentionFilter:
        tones = (TONES[name] for name in self.several("tone") if name in TONES)
        return MentionFilter(
            period=self.period,
            since=self._instant("from"),
            until=self._instant("to"),
            search=self._text("q", 1000),
            platforms=tuple(
                slug for slug in self.several("platform") if slug in CONNECTORS or slug == IMPORTED.slug
            ),
            languages=tuple(_typed(code)[:12] for code in self.several("language")),
            tones=tuple(int(tone) for tone in tones),
            keyword=self._number("keyword"),
            only_questions="question" in self.has,
            only_links="link" in self.has,
            only_media="media" in self.has,
            min_followers=self._number("min_followers"),
            max_followers=self._number("max_followers"),
            statuses=tuple(int(STATUSES[name]) for name in self.statuses),
            tags=tuple(int(tag) for tag in self.several("tag") if _is_number(tag)),
            author_key=self._text("author", 600),
            community=self._text("community", 300),
            link=self._text("link", 2000),
            hashtag=self._text("hashtag", 300),
            term=self._text("term", 300),
        )

    @cached_property
    def statuses(self) -> list[str]:
        return [name for name in self.several("status") if name in STATUSES]

    @cached_property
    def has(self) -> frozenset[str]:
        """What a mention must have. Older addresses ask for questions by a name of their own."""
        asks = {"question"} if self.parameters.get("questions") == "yes" else set()
        return frozenset(asks | (PARTS & set(self.several("has"))))

    @cached_property
    def back(self) -> date | None:
        """After looking in vain: earlier than this day of the period."""
        try:
            day = date.fromisoformat(self.parameters.get("back", ""))
        except ValueError:
            return None
        return day if self.period.first < day <= self.period.last else None

    @property
    def sort(self) -> str:
        """By time, the newest first, where nothing else is asked for."""
        named = self.parameters.get("sort", "")
        return named if named in SORTS else SORTS[0]

    def _text(self, name: str, longest: int) -> str:
        return _typed(self.parameters.get(name, ""))[:longest]

    def several(self, name: str) -> list[str]:
        """All values of a parameter, each once."""
        return list(dict.fromkeys(value for value in self.parameters.getlist(name) if value))

    def _number(self, name: str) -> int | None:
        written = self.parameters.get(name, "")
        return int(written) if _is_number(written) else None

    def _instant(self, name: str) -> datetime | None:
        """Where a day is named with its time: in the organization's zone, if no other is named."""
        written = self.parameters.get(name, "")
        if "T" not in written:
            return None
        try:
            instant = datetime.fromisoformat(written)
            return (instant if instant.tzinfo else instant.replace(tzinfo=self.period.zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    @property
    def is_filtered(self) -> bool:
        return any(self.parameters.get(name) for name in FILTERS)

    def address(self, **changes: str | Sequence[str] | None) -> str:
        """The query string of the same view with something changed; None leaves a parameter out."""
        changed = {
            name: _written(name, [value] if isinstance(value, str) else value or ())
            for name, value in changes.items()
        }
        return "?" + "&".join(filter(None, (self._kept | changed).values()))

    def files(self, name: str, **changes: str | Sequence[str] | None) -> dict[str, str]:
        """Where the files of the same view are; `name` is that of the address that sends them."""
        query = self.address(**changes)
        return {
            f"export_{file_format}": reverse(name, args=[self.organization.slug, file_format]) + query
            for file_format in (ExportFormat.CSV.value, ExportFormat.XLSX.value)
        }

    @cached_property
    def _kept(self) -> dict[str, str]:
        """The parameters of every other address of the same view, each as it is written: a page has fifty of these."""
        kept = (name for name in self.parameters if name not in CURSORS)
        return {name: _written(name, self.parameters.getlist(name)) for name in kept}


def _written(name: str, values: Sequence[str]) -> str:
    return urlencode([(name, value) for value in values if value])


def _is_number(written: str) -> bool:
    """A whole number that PostgreSQL has room for."""
    return written.isascii() and written.isdecimal() and len(written) < 19


def _typed(text: str) -> str:
    """PostgreSQL's text has no NUL, so nothing that holds one can be found."""
    return text.replace("\0", "")
