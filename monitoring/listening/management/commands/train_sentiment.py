"""Teach the machine's sentiment from labelled posts and from what people corrected (docs/understanding.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Organization
from monitoring.analysis.sentiment import Sentiment
from monitoring.analysis.sentiment.learned.labelled import BadLabels, make_example, read_labelled
from monitoring.analysis.sentiment.learned.model import Model, Standing, write_model
from monitoring.analysis.sentiment.learned.training import FEWEST_TO_COMPARE, Example, train
from monitoring.listening.selectors.corrections import corrections

ALL = "all"
NO_PLACE = "Say where the model goes: set SENTIMENT_MODEL, or give --output."
NOBODY = "There is no organization %s. Its name here is the one in the address of its pages, after /o/."
TWO_MEANINGS = "An organization is called all. Give every other one its own --corrections instead."
TOO_FEW = "There are %s labelled posts; a model needs at least %s."
NOT_WRITTEN = "The model cannot be written to %s: %s."


class Command(BaseCommand):
    help = (
        "Train a model of sentiment with labelled CSV files (columns text, sentiment, and perhaps language; otherwise "
        "a file's name begins with it, as in de.csv) and with people's corrections, say by language how it does beside "
        "the rules on posts it has not seen, and write it where SENTIMENT_MODEL says. Use only posts that you may use."
    )

    requires_system_checks: list[str] = []  # noqa: RUF012  (the base class declares it so)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
        parser.add_argument(
            "--corrections",
            action="append",
            default=[],
            metavar="ORGANIZATION",
            help="learn from what this organization's people corrected, too; all: from every organization's",
        )
        parser.add_argument("--output", type=Path, help="where the model goes, instead of SENTIMENT_MODEL")

    def handle(self, *args: Any, **options: Any) -> None:
        output = options["output"] or (settings.SENTIMENT_MODEL and Path(settings.SENTIMENT_MODEL))
        if not output:
            raise CommandError(NO_PLACE)
        examples = [*_from_files(options["files"]), *_from_corrections(options["corrections"])]
        if len(examples) < FEWEST_TO_COMPARE:
            raise CommandError(TOO_FEW % (len(examples), FEWEST_TO_COMPARE))
        model = train(examples, today=timezone.now().date())
        self._print_table(model)
        try:
            size = write_model(model, output)
        except OSError as error:
            raise CommandError(NOT_WRITTEN % (output, error.strerror)) from None
        self.stdout.write(f"Learned from {len(examples):,} posts. {output}: {size / 1_000_000:.1f} MB.")
        self.stdout.write("It judges what is collected after the next start.")

    def _print_table(self, model: Model) -> None:
        self.stdout.write("Macro-F1 on posts put aside, each fifth in turn:")
        self.stdout.write("language    posts   rules   model   used")
        for one in model.standings:
            used = "model" if one.is_used else f"rules ({one.verdict})"
            self.stdout.write(f"{one.language:8} {one.posts:8,} {one.rules:7.1f} {one.model:7.1f}   {used}")
        compared = [one for one in model.standings if one.posts >= FEWEST_TO_COMPARE]
        if compared:
            self.stdout.write(_mean(compared))


def _mean(compared: list[Standing]) -> str:
    count = len(compared)
    rules, model = (sum(getattr(one, by) for one in compared) / count for by in ("rules", "model"))
    used = sum(one.model if one.is_used else one.rules for one in compared) / count
    return f"{'mean':8} {'':8} {rules:7.1f} {model:7.1f}   {used:.1f} as used"


def _from_files(files: list[Path]) -> list[Example]:
    examples: list[Example] = []
    faults: list[str] = []
    for path in files:
        try:
            examples += read_labelled(path)
        except BadLabels as bad:
            faults.append(str(bad))
    if faults:
        raise CommandError("\n".join(faults))
    return examples


def _from_corrections(named: list[str]) -> list[Example]:
    return [
        make_example(
            text=one.text,
            language=one.language,
            sentiment=Sentiment(one.tone),
            is_independent=one.is_independent,
        )
        for organization in _organizations(named)
        for one in corrections(organization=organization)
    ]


def _organizations(named: list[str]) -> list[Organization | None]:
    """Whose corrections: None stands for everybody's."""
    found = {one.slug: one for one in Organization.objects.filter(slug__in=named)}
    if ALL in named and found.get(ALL):
        raise CommandError(TWO_MEANINGS)
    if ALL in named:
        return [None]
    missing = [slug for slug in named if slug not in found]
    if missing:
        raise CommandError(NOBODY % ", ".join(missing))
    return list(found.values())
