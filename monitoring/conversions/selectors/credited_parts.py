"""What lies behind a figure of credit: each entry of the ledger in which it has a part, and how large that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from accounts.models import Organization
from monitoring.conversions.models import Assumptions, CreditDue
from monitoring.conversions.selectors.credits import CreditRow
from monitoring.conversions.selectors.ledger import PAGE_SIZE, cursor_of, read_cursor
from monitoring.conversions.selectors.parts import SUMS, CreditedPart, PartReader, Share
from monitoring.lib.periods import Period

BATCH: Final = 500


@dataclass(frozen=True)
class SharesPage:
    """`older` and `newer` are the cursors of the neighboring pages, None where there is none."""

    shares: Sequence[Share]
    older: str | None
    newer: str | None


def sum_credited(*, organization: Organization, part: CreditedPart) -> CreditRow:
    """The figure that the list explains: from the credits by day, as on the page that shows it."""
    rows = PartReader(organization, part).ask(SUMS)
    return CreditRow(
        key="",
        number=sum((number for _currency, number, _amount in rows), Decimal(0)),
        amounts={currency: amount for currency, _number, amount in rows if currency and amount},
    )


def is_credited_anew(*, organization: Organization, period: Period) -> bool:
    """Whether a day of the period waits for its credits."""
    due = CreditDue.objects.filter(organization_id=organization.pk)
    return due.filter(day__range=(period.first, period.last)).exists()


def page_of_shares(
    *,
    organization: Organization,
    part: CreditedPart,
    before: str = "",
    after: str = "",
    assumptions: Assumptions | None = None,
) -> SharesPage:
    """Newest first. `before` and `after` are cursors of an earlier page; what is no cursor counts as none."""
    reader = PartReader(organization, part, assumptions)
    older_than, newer_than = read_cursor(before), read_cursor(after)
    if newer_than and not older_than:
        found = reader.walk(newer_than, PAGE_SIZE + 1, forwards=True)
        has_newer, has_older = len(found) > PAGE_SIZE, True
        found = found[:PAGE_SIZE][::-1]
    else:
        found = reader.walk(older_than, PAGE_SIZE + 1)
        has_newer, has_older = older_than is not None, len(found) > PAGE_SIZE
        found = found[:PAGE_SIZE]
    shares = reader.divide(found)
    return SharesPage(
        shares,
        older=cursor_of(found[-1]) if found and has_older else None,
        newer=cursor_of(found[0]) if found and has_newer else None,
    )


def every_share(*, organization: Organization, part: CreditedPart) -> Iterator[Share]:
    """All of them, newest first, read batch by batch where the one before ended: in constant memory."""
    reader = PartReader(organization, part)
    found = reader.walk(None, BATCH)
    while found:
        yield from reader.divide(found)
        found = reader.walk(found[-1], BATCH) if len(found) == BATCH else []
