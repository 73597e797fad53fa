"""Our posts, ranked by what they brought: last touch, by the tracked links in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organization
from monitoring.audience.models import PublishedPost
from monitoring.conversions.models.conversions import kind_label
from monitoring.conversions.naming import name_post
from monitoring.conversions.parts_behind import PartsBehind, behind_both
from monitoring.conversions.selectors.credits import CreditRow
from monitoring.conversions.selectors.credits_compared import PeriodCredits
from monitoring.dashboard.audience_worth import say_amounts
from monitoring.lib.figures import format_number
from monitoring.lib.periods import Period

SHOWN: Final = 10


@dataclass(frozen=True, kw_only=True)
class BroughtPost:
    """What the links in one post brought in the period, whenever it was published."""

    post: PublishedPost
    name: str
    credited: CreditRow
    before: Decimal  # in the period before
    behind: tuple[PartsBehind, PartsBehind]  # in this period, and in the one before

    @property
    def address(self) -> str:
        return self.behind[0].address(post=self.post.pk)

    @property
    def address_before(self) -> str:
        return self.behind[1].address(post=self.post.pk)

    @property
    def money(self) -> str:
        return say_amounts(self.credited.amounts)


@dataclass(frozen=True, kw_only=True)
class BroughtPosts:
    kind: str
    rows: Sequence[BroughtPost]
    number: Decimal  # of all our posts
    number_before: Decimal
    elsewhere: Decimal  # what no post of ours is credited with

    @property
    def kind_said(self) -> str:
        return kind_label(self.kind)

    @property
    def has_more(self) -> bool:
        return len(self.rows) == SHOWN

    @property
    def finding(self) -> str:
        if not self.rows:
            return _("No post of yours is credited with anything yet")
        said = ngettext(
            "%(number)s by the links in your posts",
            "%(number)s by the links in your posts",
            int(self.number),
        )
        return f"{self.kind_said}: {said % {'number': format_number(self.number)}}"


def read_brought_posts(
    *, organization: Organization, period: Period, kind: str, credited: tuple[PeriodCredits, PeriodCredits]
) -> BroughtPosts:
    """The posts that brought most. One query."""
    now, before = (each.posts for each in credited)
    ranked = sorted((row for row in now.values() if row.key), key=_place)[:SHOWN]
    posts = PublishedPost.objects.filter(organization=organization, pk__in=[row.key for row in ranked])
    found = posts.only("title", "text", "platform", "published_at", "interactions").in_bulk()
    behind = behind_both(organization, period, kind)
    return BroughtPosts(
        kind=kind,
        rows=[_row(found[int(row.key)], row, before, behind) for row in ranked if int(row.key) in found],
        number=_number(now),
        number_before=_number(before),
        elsewhere=now[0].number if 0 in now else Decimal(0),
    )


def _place(row: CreditRow) -> tuple[Decimal, int, int]:
    return (-row.number, -(row.visits or 0), int(row.key))


def _row(
    post: PublishedPost,
    credited: CreditRow,
    before: dict[int, CreditRow],
    behind: tuple[PartsBehind, PartsBehind],
) -> BroughtPost:
    then = before.get(post.pk)
    return BroughtPost(
        post=post,
        name=name_post(post),
        credited=credited,
        before=then.number if then else Decimal(0),
        behind=behind,
    )


def _number(rows: dict[int, CreditRow]) -> Decimal:
    return sum((row.number for row in rows.values() if row.key), Decimal(0))
