"""What all figures of a page share: their time, and when what they are made of was last read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from babel.dates import format_timedelta
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from monitoring.dashboard.definitions import FRESHNESS, Fresh
from monitoring.lib.figures import reader_locale
from monitoring.lib.periods import Period


@dataclass(frozen=True)
class Explaining:
    period: Period
    now: datetime
    mentions_read_at: datetime | None
    profiles_read_at: datetime | None = None

    @cached_property
    def window(self) -> str:
        return _("%(first)s to %(last)s, days in %(zone)s") % {
            "first": date_format(self.period.first, "DATE_FORMAT"),
            "last": date_format(self.period.last, "DATE_FORMAT"),
            "zone": self.period.zone.key.replace("_", " "),
        }

    @cached_property
    def freshness(self) -> Mapping[str, str]:
        return {
            Fresh.MENTIONS: self._read(self.mentions_read_at),
            Fresh.PROFILES: self._read(self.profiles_read_at),
            Fresh.REPORTS: str(FRESHNESS[Fresh.REPORTS]),
        }

    def _read(self, moment: datetime | None) -> str:
        if moment is None:
            return _("Nothing was read yet.")
        ago = format_timedelta(moment - self.now, add_direction=True, locale=reader_locale())
        return _("Last read %(ago)s.") % {"ago": ago}


def latest(moments: Iterable[datetime | None]) -> datetime | None:
    return max((moment for moment in moments if moment), default=None)
