"""The files that can be imported, and the form that says which column is which."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization
from monitoring.audience.importers import FollowersImporter
from monitoring.conversions.importers.links import LinksImporter
from monitoring.conversions.importers.spend import SpendImporter
from monitoring.conversions.importers.till import TillImporter
from monitoring.conversions.link_forms import read_target
from monitoring.jobs.importers import Field, Importer, Text
from monitoring.jobs.importing import ALWAYS, COLUMN
from monitoring.jobs.models import FileImport
from monitoring.lib.csv_reading import LARGEST_FILE, CsvFile
from monitoring.lib.dates import DateOrder
from monitoring.listening.files.importing import MentionsImporter

IMPORTERS: dict[str, Importer[Any]] = {
    importer.slug: importer
    for importer in (
        TillImporter(),
        SpendImporter(),
        FollowersImporter(),
        LinksImporter(),
        MentionsImporter(),
    )
}
NO_TABLE = {
    "empty": gettext_lazy("There are no rows in this file. It needs a row of headings and one below."),
    "too_large": gettext_lazy("This file is larger than 20 MB. Split it: what comes twice counts once."),
    "too_many_rows": gettext_lazy("This sheet has more than 100,000 rows. Save it as CSV, or split it."),
    "binary": gettext_lazy(
        "This is neither a CSV file nor an XLSX workbook. In a spreadsheet choose “Save as”, then one of them."
    ),
    "broken_workbook": gettext_lazy(
        "This workbook cannot be read. Is it locked? Save it as CSV, and try that."
    ),
    "no_columns": gettext_lazy("We find no columns in this file, or more than 200."),
    "broken": gettext_lazy("The file breaks off: a quotation mark is never closed."),
}


MOST_PASTED = 200_000  # characters; more than that is a file
_HEADINGS_OF_LINKS = ("target", "name", "campaign")


class UploadForm(forms.Form):
    """A file or pasted lines, and what is in them."""

    importer = forms.ChoiceField(
        label=gettext_lazy("What is in it?"),
        choices=[(slug, importer.title) for slug, importer in IMPORTERS.items()],
    )
    file = forms.FileField(
        label=gettext_lazy("CSV or XLSX file"),
        required=False,
        help_text=gettext_lazy(
            "At most 20 MB. CSV with any separator and encoding; of a workbook, the first sheet. Nothing is imported "
            "before you have seen it."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
    )

    pasted = forms.CharField(
        label=gettext_lazy("Or paste the lines"),
        required=False,
        max_length=MOST_PASTED,
        strip=False,  # a heading may be empty: its tab comes first
        help_text=gettext_lazy(
            "Copied from a spreadsheet, with its headings. Links may come without any: address, name, campaign."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocapitalize": "none"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST_FILE:
            raise forms.ValidationError(NO_TABLE["too_large"])
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "file" in data and "pasted" in data and not (data["file"] or data["pasted"]):
            self.add_error("file", _("Choose a file, or paste the lines."))
        return data

    @property
    def field_of_table(self) -> str:
        """A file goes before what was pasted."""
        return "file" if self.cleaned_data["file"] else "pasted"

    def table(self) -> tuple[str, bytes]:
        """Its name and content. Raises NoTable."""
        file = self.cleaned_data["file"]
        if file:
            return file.name, file.read()
        return _("Pasted lines"), _with_headings(
            self.cleaned_data["pasted"], of=self.cleaned_data["importer"]
        )


def _with_headings(text: str, *, of: str) -> bytes:
    """Whoever pastes links seldom has headings above them: no heading is a web address."""
    table = CsvFile(text.encode())
    if of != LinksImporter.slug or not _is_address(table.columns[0]):
        return table.content
    headings = _HEADINGS_OF_LINKS[: len(table.columns)]
    return f"{table.separator.join(headings)}\n{text}".encode()


def _is_address(text: str) -> bool:
    try:
        read_target(text)
    except forms.ValidationError:
        return False
    return True


class ColumnsForm(forms.Form):
    """Which column is which. What was guessed stands there already."""

    def __init__(self, data: QueryDict | None, *, job: FileImport, importer: Importer[Any]) -> None:
        super().__init__(data, initial=job.choices)
        columns = [
            (f"{COLUMN}{place}", name) for place, name in enumerate(CsvFile(bytes(job.content)).columns)
        ]
        for field in importer.fields:
            self.fields[field.name] = _choice(field, columns, _always(field, job.organization))
        self.fields["order"] = forms.ChoiceField(
            label=gettext_lazy("Dates are written"),
            choices=[
                (DateOrder.DAY_FIRST.value, gettext_lazy("day first: 31/12/2026, 31.12.26")),
                (DateOrder.MONTH_FIRST.value, gettext_lazy("month first: 12/31/2026")),
            ],
            help_text=gettext_lazy("Dates that begin with the year are read either way."),
        )


def _always(field: Field, organization: Organization) -> list[tuple[str, Text]]:
    return [*field.always, *(field.always_of(organization) if field.always_of else ())]


def _choice(
    field: Field, columns: list[tuple[str, str]], always: list[tuple[str, Text]]
) -> forms.ChoiceField:
    choices: list[Any] = [("", _("Choose a column") if field.is_needed else _("Not in the file"))]
    choices.append((_("A column"), columns))
    if always:
        choices.append((_("The same in all rows"), [(f"{ALWAYS}{value}", name) for value, name in always]))
    return forms.ChoiceField(
        label=str(field.label), choices=choices, required=field.is_needed, help_text=str(field.help)
    )
