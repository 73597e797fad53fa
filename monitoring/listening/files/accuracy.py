"""How right the machine is, as tables to take away: every count that the page shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from django.utils.translation import gettext as _

from monitoring.analysis.sentiment.measuring import SENTIMENTS, Confusion
from monitoring.lib.exporting import Cell, ExportedTable
from monitoring.listening.models import Brand
from monitoring.listening.models.mentions import Tone
from monitoring.listening.selectors.accuracy import (
    Accuracy,
    corrected_accuracy,
    list_samples,
    measured_accuracy,
)


def tables_of_accuracy(brand: Brand) -> dict[str, Callable[[], ExportedTable]]:
    """By the name that an address calls them."""
    return {"labels": partial(_labels, brand), "samples": partial(_samples, brand)}


def _labels(brand: Brand) -> ExportedTable:
    """What people say against what the machine said: of all, by language and by platform."""
    found = {
        _("Chosen by chance"): measured_accuracy(brand=brand),
        _("Corrected and confirmed"): corrected_accuracy(brand=brand),
    }
    columns = [_("Labels"), _("By"), _("Of"), _("People say"), _("The machine said"), _("Mentions")]
    rows = [row for name, accuracy in found.items() for row in _of_accuracy(name, accuracy)]
    return ExportedTable(name=f"{brand.name} accuracy", title=_("Labels"), columns=columns, rows=rows)


def _of_accuracy(name: str, accuracy: Accuracy) -> Iterator[list[Cell]]:
    slices: list[tuple[str, str, Confusion]] = [(_("All"), "", accuracy.confusion)]
    slices += [(_("Language"), each.name, each.confusion) for each in accuracy.by_language]
    slices += [(_("Platform"), each.name, each.confusion) for each in accuracy.by_platform]
    for by, of, confusion in slices:
        for person, counts in zip(SENTIMENTS, confusion.counts, strict=True):
            for machine, number in zip(SENTIMENTS, counts, strict=True):
                yield [name, by, of, str(Tone(person).label), str(Tone(machine).label), number]


def _samples(brand: Brand) -> ExportedTable:
    columns = [
        _("Drawn"),
        _("First day"),
        _("Last day"),
        _("Language"),
        _("Mentions to choose from"),
        _("Chosen"),
        _("Judged"),
        _("Told"),
        _("Agreed"),
    ]
    rows: list[list[Cell]] = [
        [
            each.sample.drawn_at.date(),
            each.sample.first_day,
            each.sample.last_day,
            each.sample.language,
            each.sample.population,
            each.size,
            each.judged,
            each.told,
            each.confusion.right,
        ]
        for each in list_samples(brand=brand)
    ]
    return ExportedTable(name=f"{brand.name} samples", title=_("The samples"), columns=columns, rows=rows)
