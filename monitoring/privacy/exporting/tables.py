"""What the export of everything holds: one table a model, every column of it, but for secrets and what only we need.

A test walks all models that belong to an organization: each stands here, or below with the reason why it does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import models as accounts
from accounts.models import Organization
from monitoring.alerts import models as alerts
from monitoring.audience import models as audience
from monitoring.conversions import models as conversions
from monitoring.jobs import models as jobs
from monitoring.listening import models as listening
from monitoring.listening.models.mentions import STILL_THERE
from monitoring.platforms import models as platforms
from monitoring.privacy import models as privacy
from monitoring.reports import models as reports
from monitoring.strategy import models as strategy


@dataclass(frozen=True, kw_only=True)
class Table:
    """One file. `path` leads from a row to its organization; `also` names columns that lie behind a key."""

    name: str
    model: type[Model]
    says: str | Promise
    path: str = "organization"
    left_out: frozenset[str] = frozenset()
    also: Mapping[str, str] = field(default_factory=dict)
    only: Q = field(default_factory=Q)

    @property
    def columns(self) -> dict[str, str]:
        """The heading of each column, and where its value lies."""
        own = {
            column.attname: column.attname
            for column in self.model._meta.concrete_fields
            if column.attname not in {"organization_id", *self.left_out}
        }
        return own | dict(self.also)

    def rows(self, organization: Organization) -> QuerySet[Model]:
        return self.model._default_manager.filter(self.only, **{self.path: organization.pk}).order_by()


TABLES: Final = (
    Table(
        name="members",
        model=accounts.Membership,
        says=_("Who is in the team, with which role"),
        also={"name": "user__name", "email": "user__email", "wants_letter": "letter_choice__wants"},
    ),
    Table(
        name="invitations",
        model=accounts.Invitation,
        says=_("Who was invited"),
        left_out=frozenset({"digest"}),
    ),
    Table(name="opening_hours", model=accounts.OpeningHours, says=_("Business hours")),
    Table(name="holidays", model=accounts.Holiday, says=_("Holidays")),
    Table(
        name="house_rules", model=accounts.HouseRules, says=_("Your rules for social media, every version")
    ),
    Table(
        name="house_rules_acknowledged",
        model=accounts.RulesAcknowledged,
        says=_("Who has read which version of the rules"),
        path="rules__organization",
        also={"email": "user__email"},
    ),
    Table(
        name="api_tokens",
        model=accounts.ApiToken,
        says=_("Tokens of programs, without the tokens themselves"),
        left_out=frozenset({"digest"}),
    ),
    Table(
        name="audit_log",
        model=accounts.AuditEvent,
        says=_("Who did what, and when"),
        left_out=frozenset({"search_text"}),
    ),
    Table(
        name="connected_accounts",
        model=platforms.ConnectedAccount,
        says=_("Your accounts on platforms, without their credentials"),
        left_out=frozenset({"sealed_credentials", "sealed_session"}),
    ),
    Table(name="platform_spending", model=platforms.Spending, says=_("What paid platforms cost, by month")),
    Table(
        name="imports",
        model=jobs.FileImport,
        says=_("Files that were imported, and what came of them"),
        left_out=frozenset({"content", "lease_until"}),
    ),
    Table(name="brands", model=listening.Brand, says=_("Whom or what you listen for")),
    Table(name="keywords", model=listening.Keyword, says=_("Keywords of the brands")),
    Table(
        name="keyword_versions",
        model=listening.KeywordVersion,
        says=_("What each keyword looked for, and when"),
        path="keyword__organization",
    ),
    Table(
        name="profiles", model=listening.TrackedProfile, says=_("Profiles whose followers and posts are read")
    ),
    Table(
        name="searches",
        model=listening.Subscription,
        says=_("Where is searched for what"),
        left_out=frozenset({"backfill_cursor"}),
        also={
            "platform": "source__platform",
            "server": "source__server",
            "kind": "source__kind",
            "query": "source__query",
        },
    ),
    Table(
        name="mentions",
        model=listening.Mention,
        says=_("Posts by others that matched a keyword, with your corrections"),
        left_out=frozenset(
            {"search", "source_id", "author_in_sample", "refresh_at", "deleted_at", "is_counted"}
        ),
        only=STILL_THERE,
    ),
    Table(
        name="keywords_applied",
        model=listening.Replay,
        says=_("Keywords that were applied to what was stored, and what came of it"),
        left_out=frozenset({"lease_until", "attempt", "position_at", "position_id"}),
    ),
    Table(
        name="dismissed_suggestions",
        model=listening.DismissedSuggestion,
        says=_("Words for keywords that you did not want to be suggested again"),
    ),
    Table(name="tags", model=listening.Tag, says=_("The words by which you sort mentions")),
    Table(
        name="muted_authors", model=listening.MutedAuthor, says=_("Whose posts you neither show nor count")
    ),
    Table(
        name="views",
        model=listening.SavedView,
        says=_("Views of the mentions that the team shares"),
        left_out=frozenset({"private_to_id"}),
        only=Q(private_to=None),
    ),
    Table(
        name="mention_reactions",
        model=listening.MentionEngagement,
        says=_("How the reactions to each mention grew"),
        path="mention__organization",
        only=Q(mention__deleted_at=None),
    ),
    Table(
        name="sentiment_samples",
        model=listening.LabelSample,
        says=_("Mentions that chance chose, to measure the machine’s sentiment"),
    ),
    Table(
        name="sentiment_labels",
        model=listening.SentimentLabel,
        says=_("What your people said of those, beside the machine’s word"),
        path="sample__organization",
    ),
    Table(
        name="retention", model=listening.RetentionLimit, says=_("How long you keep each platform’s mentions")
    ),
    Table(
        name="follower_counts",
        model=audience.AudienceSnapshot,
        says=_("Followers of the profiles over time"),
    ),
    Table(name="posts", model=audience.PublishedPost, says=_("Posts of the profiles, with their counts")),
    Table(
        name="post_reactions",
        model=audience.PostEngagement,
        says=_("How the reactions to each post grew"),
    ),
    Table(name="campaigns", model=conversions.Campaign, says=_("Campaigns")),
    Table(name="coupons", model=conversions.Coupon, says=_("Coupon codes of the campaigns")),
    Table(name="incidents", model=conversions.Incident, says=_("What happened, as you noted it")),
    Table(name="utm_words", model=conversions.UtmWord, says=_("Words that links are tagged with")),
    Table(name="links", model=conversions.TrackedLink, says=_("Tracked links")),
    Table(
        name="clicks",
        model=conversions.Click,
        says=_("Who followed a link, without who it was"),
        left_out=frozenset({"visitor"}),
    ),
    Table(
        name="clicks_by_day",
        model=conversions.ClickDay,
        says=_("How many followed each link on a day"),
        path="organization_id",
    ),
    Table(
        name="site",
        model=conversions.Site,
        says=_("Your site"),
    ),
    Table(
        name="visits",
        model=conversions.Visit,
        says=_("Tagged visits to your site, without who it was"),
        left_out=frozenset({"visitor"}),
    ),
    Table(
        name="shops",
        model=conversions.ShopConnection,
        says=_("Connected shops, without their credentials"),
        left_out=frozenset({"key", "sealed_credentials", "sealed_webhook_secret", "cursor", "lease_until"}),
    ),
    Table(
        name="shop_orders",
        model=conversions.SeenOrder,
        says=_("Orders that the shops told us of"),
        path="connection__organization",
        left_out=frozenset({"digest"}),
    ),
    Table(
        name="shop_calls",
        model=conversions.Delivery,
        says=_("Calls of the shops, and what came of each"),
        path="connection__organization",
        left_out=frozenset({"body"}),
    ),
    Table(
        name="conversions",
        model=conversions.Conversion,
        says=_("Orders, leads, visits, and what was taken back"),
    ),
    Table(name="touches", model=conversions.Touch, says=_("What led to each conversion")),
    Table(name="goals", model=conversions.Goal, says=_("Goals")),
    Table(
        name="goal_results",
        model=conversions.GoalResult,
        says=_("Periods of goals that are over"),
        path="goal__organization",
    ),
    Table(name="spend", model=conversions.Spend, says=_("Money spent")),
    Table(name="time_spent", model=conversions.TimeSpent, says=_("Time spent")),
    Table(name="assumptions", model=conversions.Assumptions, says=_("Margin, hourly rate and windows")),
    Table(name="exchange_rates", model=conversions.OwnRate, says=_("Exchange rates that you entered")),
    Table(name="plan", model=strategy.Plan, says=_("The plan on one page")),
    Table(
        name="steps",
        model=strategy.Step,
        says=_("Next steps, what you did with them, and whether they helped"),
    ),
    Table(
        name="view_mails",
        model=alerts.ViewAlert,
        says=_("Who gets mails about which view, and how often"),
        path="membership__organization",
        left_out=frozenset({"seen_id"}),
    ),
    Table(
        name="view_mails_sent",
        model=alerts.AlertMail,
        says=_("Mails about views, and which mentions stood in them"),
        path="alert__membership__organization",
        left_out=frozenset({"until_id", "try_at", "tries"}),
    ),
    Table(
        name="feeds",
        model=alerts.ViewFeed,
        says=_("Feeds of views, without their addresses"),
        left_out=frozenset({"digest", "fingerprint"}),
    ),
    Table(
        name="widgets",
        model=alerts.ViewWidget,
        says=_("Widgets that show a view on your site"),
        left_out=frozenset({"digest"}),
    ),
    Table(
        name="letters",
        model=reports.Letter,
        says=_("Weekly letters that were sent"),
        path="membership__organization",
    ),
    Table(
        name="shared_months",
        model=reports.SharedMonth,
        says=_("Months that were shared by link, without the links"),
        left_out=frozenset({"digest"}),
    ),
    Table(name="privacy_page", model=privacy.PrivacyPage, says=_("Your public privacy page")),
    Table(
        name="author_requests",
        model=privacy.AuthorRequest,
        says=_("What authors asked for"),
        left_out=frozenset({"code"}),
    ),
    Table(
        name="erasures",
        model=privacy.Erasure,
        says=_("Authors who were erased, without who they were"),
        left_out=frozenset({"author_key", "handle"}),
    ),
)

_COUNTED: Final = "Counted from rows that are in the export."
NOT_EXPORTED: Final[Mapping[str, str]] = {
    "accounts.OrganizationLogo": "It is the file logo.png.",
    "reports.LetterChoice": "It is the column wants_letter of the members.",
    "jobs.FileExport": "A list of exports like this one.",
    "jobs.FilePiece": "The bytes of exports.",
    "listening.BulkChange": "What was done to mentions, kept for a day to undo it; the audit log keeps that it was.",
    "listening.ChangedBatch": "What mentions were before a change, kept for a day to undo it.",
    "listening.ErasureKey": "A secret.",
    "listening.ErasedAuthor": "Hashes that keep erased authors from coming back; nobody can read them.",
    "listening.MentionDay": _COUNTED,
    "listening.AuthorRanking": "When authors were last ranked.",
    "listening.RankedAuthor": _COUNTED,
    "listening.MentionHour": _COUNTED,
    "listening.TermDay": _COUNTED,
    "audience.EngagementDay": _COUNTED,
    "conversions.ConversionDay": _COUNTED,
    "conversions.VisitDay": _COUNTED,
    "conversions.DetailsKept": "From when on clicks and visits are kept one by one.",
    "conversions.CreditDay": _COUNTED,
    "conversions.CreditDue": "Days that are counted anew in a moment.",
    "strategy.Reckoning": "When steps were last looked for.",
}
