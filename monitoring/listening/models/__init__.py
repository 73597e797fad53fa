"""What others say: whom we listen for, where, and what was found."""

from monitoring.listening.models.brands import Brand, BrandKind, Keyword, KeywordVersion, TrackedProfile
from monitoring.listening.models.mentions import Mention
from monitoring.listening.models.privacy import ErasedAuthor, ErasureKey, RetentionLimit
from monitoring.listening.models.rollups import MentionDay, MentionHour, TermDay, TermKind
from monitoring.listening.models.sources import (
    CollectionRun,
    CoverageGap,
    Outcome,
    Source,
    SourceKind,
    Subscription,
)

__all__ = [
    "Brand",
    "BrandKind",
    "CollectionRun",
    "CoverageGap",
    "ErasedAuthor",
    "ErasureKey",
    "Keyword",
    "KeywordVersion",
    "Mention",
    "MentionDay",
    "MentionHour",
    "Outcome",
    "RetentionLimit",
    "Source",
    "SourceKind",
    "Subscription",
    "TermDay",
    "TermKind",
    "TrackedProfile",
]
