"""What is stored and for how long: said by what the code does, counted from the rollups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db.models import Exists, F, Model, OuterRef, Sum, Value
from django.db.models.expressions import Combinable
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.audience.models import EngagementDay
from monitoring.conversions.clicks.visitors import SALT_LIVES
from monitoring.conversions.forgetting import LEAST_DAYS
from monitoring.conversions.models import ClickDay, ConversionDay, DetailsKept, VisitDay
from monitoring.conversions.shop_polling.forgetting import VERSIONS_KEPT_FOR
from monitoring.conversions.webhooks.purging import BODIES_KEPT_FOR, LINES_KEPT_FOR
from monitoring.jobs import exporting, importing
from monitoring.listening.collecting.storing import RECHECKED_EVERY
from monitoring.listening.forgetting.purging import LEDGER_KEPT_FOR
from monitoring.listening.forgetting.retention import Retention, expired_mentions, list_retention
from monitoring.listening.models import MentionDay
from monitoring.listening.selectors.mentions import COUNTED_EXACTLY
from monitoring.platforms.models import ConnectedAccount
from monitoring.privacy.author_requests import CLOSED_KEPT_FOR
from monitoring.privacy.leaving import TIME_TO_THINK
from monitoring.reports.letters import forgetting as letters

_COUNTED_BY_DAY: Final[dict[str, tuple[type[Model], Combinable]]] = {
    "posts": (EngagementDay, F("posts")),
    "clicks": (ClickDay, F("visits") + F("repeats") + F("bots")),
    "visits": (VisitDay, F("visits")),
    "conversions": (ConversionDay, F("number")),
}
# Of days whose clicks and visits were forgotten only the counts are left.
_FORGOTTEN: Final = DetailsKept.objects.filter(
    organization_id=OuterRef("organization_id"), first_day__gt=OuterRef("day")
)


@dataclass(frozen=True, kw_only=True)
class StoredThing:
    """One kind of thing: what of it, how much there is (None: not counted), and how long it stays."""

    what: str
    of_it: str
    number: int | None = None
    kept_for: timedelta | None = None
    kept: str = ""  # where no span says it


@dataclass(frozen=True, kw_only=True)
class PlatformFact:
    """A platform's mentions: how many there are, how long they stay, how many go tonight."""

    retention: Retention
    mentions: int
    going: int
    more_are_going: bool

    is_paid_for: bool  # somebody wants each post asked for again, for money
    rechecked_every: timedelta = RECHECKED_EVERY


class WhatIsStored:
    def __init__(self, organization: Organization) -> None:
        self.organization = organization

    @cached_property
    def platforms(self) -> list[PlatformFact]:
        counted = MentionDay.objects.filter(organization_id=self.organization.pk).values("platform")
        mentions = dict(counted.annotate(number=Sum("mentions")).values_list("platform", "number"))
        return [
            self._fact(retention, mentions.get(retention.platform.slug, 0))
            for retention in list_retention(organization=self.organization)
        ]

    @property
    def of_others(self) -> list[StoredThing]:
        """People outside of the team."""
        return [*self._of_authors, *self._of_customers]

    @property
    def _of_authors(self) -> list[StoredThing]:
        return [
            StoredThing(
                what=_("Posts by others that match your keywords"),
                of_it=_(
                    "Text, address, time, reactions, and the author’s public name, handle, picture’s address "
                    "and number of followers. No profile of a person, nothing matched across platforms."
                ),
                number=sum(fact.mentions for fact in self.platforms),
                kept=_("By platform, see below"),
            ),
            StoredThing(
                what=_("Profiles you watch"),
                of_it=_("Number of followers, their own posts and the reactions to them."),
                number=self._counted["posts"],
                kept=_("Until you stop watching"),
            ),
        ]

    @property
    def _of_customers(self) -> list[StoredThing]:
        return [
            StoredThing(
                what=_("Clicks on your links, and tagged visits to your site"),
                of_it=_(
                    "When, which link, from where. No address and no cookie: a hash of address and browser tells "
                    "visitors apart for a day, and its key is forgotten after two."
                ),
                number=self._counted["clicks"] + self._counted["visits"],
                kept_for=timedelta(days=max(settings.CLICKS_KEPT_DAYS, LEAST_DAYS))
                if settings.CLICKS_KEPT_DAYS
                else None,
                kept=_("Until you delete the business"),
            ),
            StoredThing(
                what=_("The key of those hashes"),
                of_it=_("Random, a new one each day."),
                kept_for=SALT_LIVES,
            ),
            StoredThing(
                what=_("Orders, leads and calls"),
                of_it=_("Kind, time, amount, order number. No names or addresses of customers."),
                number=self._counted["conversions"],
                kept=_("Until you delete the business"),
            ),
            StoredThing(
                what=_("What shops sent us, word for word"),
                of_it=_("Orders as the shop describes them, with names of customers."),
                kept_for=BODIES_KEPT_FOR,
            ),
            StoredThing(what=_("That a shop sent something"), of_it="", kept_for=LINES_KEPT_FOR),
            StoredThing(
                what=_("Which version of an order a shop told last"),
                of_it=_("The shop’s number of the order, when it was changed there, and a fingerprint."),
                kept_for=VERSIONS_KEPT_FOR,
            ),
            StoredThing(
                what=_("Requests of authors, once they were answered"),
                of_it=_("Handle, e-mail address, what they asked for."),
                kept_for=CLOSED_KEPT_FOR,
            ),
        ]

    @property
    def of_the_team(self) -> list[StoredThing]:
        return [
            StoredThing(
                what=_("Members"),
                of_it=_("Name, e-mail address, role, language, time zone. Passwords as hashes."),
                kept=_("Until they leave, or delete their account"),
            ),
            StoredThing(
                what=_("Who is signed in"),
                of_it=_("A session, with the address and browser it was begun from."),
                kept_for=timedelta(seconds=settings.SESSION_COOKIE_AGE),
            ),
            StoredThing(
                what=_("Audit log"),
                of_it=_("Who did what, when and from where."),
                kept_for=timedelta(days=settings.AUDIT_KEPT_DAYS) if settings.AUDIT_KEPT_DAYS else None,
                kept=_("For good"),
            ),
            StoredThing(
                what=_("Files you import"), of_it=_("As you uploaded them."), kept_for=importing.KEPT_FOR
            ),
            StoredThing(
                what=_("Files you export"), of_it=_("For you to fetch."), kept_for=exporting.KEPT_FOR
            ),
            StoredThing(
                what=_("That a weekly letter was sent"),
                of_it=_("To which member, for which Monday, and why the mail server refused it."),
                kept_for=letters.KEPT_FOR,
            ),
            StoredThing(
                what=_("Attempts to collect"),
                of_it=_("When a platform was asked, and what came of it."),
                kept_for=LEDGER_KEPT_FOR,
            ),
            StoredThing(
                what=_("Logs of the server"),
                of_it=_("Which page was asked for and how long it took, without who asked."),
                kept=_("Whoever runs this server decides"),
            ),
            StoredThing(
                what=_("Backups"),
                of_it=_("What is deleted here stays in them until they are deleted."),
                kept=_("Whoever runs this server decides"),
            ),
            StoredThing(
                what=_("A business that is deleted"),
                of_it=_("Everything of it, while it can be taken back."),
                kept_for=TIME_TO_THINK,
            ),
        ]

    def _fact(self, retention: Retention, mentions: int) -> PlatformFact:
        going = 0
        if mentions and retention.kept_for is not None:
            expired = expired_mentions(organization=self.organization, retention=retention)
            going = expired[: COUNTED_EXACTLY + 1].count()
        return PlatformFact(
            retention=retention,
            mentions=mentions,
            going=min(going, COUNTED_EXACTLY),
            more_are_going=going > COUNTED_EXACTLY,
            is_paid_for=retention.platform.slug in self._paid_for,
        )

    @cached_property
    def _paid_for(self) -> set[str]:
        accounts = ConnectedAccount.objects.filter(organization=self.organization, rechecks_posts=True)
        return set(accounts.values_list("platform", flat=True))

    @cached_property
    def _counted(self) -> dict[str, int]:
        """What is counted by day, in one question."""
        sums = [
            rows._default_manager.filter(
                *([~Exists(_FORGOTTEN)] if what in ("clicks", "visits") else []),
                organization_id=self.organization.pk,
            )
            .values(what=Value(what))
            .annotate(number=Sum(number))
            for what, (rows, number) in _COUNTED_BY_DAY.items()
        ]
        found = {row["what"]: int(row["number"] or 0) for row in sums[0].union(*sums[1:], all=True)}
        return dict.fromkeys(_COUNTED_BY_DAY, 0) | found
