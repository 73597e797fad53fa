"""What others say: whom we listen for, where, and what was found."""

from monitoring.listening.models.authors import AuthorRanking, RankedAuthor
from monitoring.listening.models.brands import Brand, BrandKind, Keyword, KeywordVersion, TrackedProfile
from monitoring.listening.models.changes import BulkChange, ChangeAct, ChangedBatch
from monitoring.listening.models.engagement import MentionEngagement
from monitoring.listening.models.labels import LabelSample, SentimentLabel
from monitoring.listening.models.mentions import COUNTED_STATUSES, Mention, MentionStatus
from monitoring.listening.models.privacy import ErasedAuthor, ErasureKey, RetentionLimit
from monitoring.listening.models.replays import Replay
from monitoring.listening.models.rollups import MentionDay, MentionHour, TermDay, TermKind
from monitoring.listening.models.saved_views import SavedView
from monitoring.listening.models.sorting_out import MutedAuthor, Tag
from monitoring.listening.models.sources import (
    CollectionRun,
    CoverageGap,
    Outcome,
    Source,
    SourceKind,
    Subscription,
)
from monitoring.listening.models.suggestions import DismissedSuggestion, SuggestionKind

__all__ = [
    "COUNTED_STATUSES",
    "AuthorRanking",
    "Brand",
    "BrandKind",
    "BulkChange",
    "ChangeAct",
    "ChangedBatch",
    "CollectionRun",
    "CoverageGap",
    "DismissedSuggestion",
    "ErasedAuthor",
    "ErasureKey",
    "Keyword",
    "KeywordVersion",
    "LabelSample",
    "Mention",
    "MentionDay",
    "MentionEngagement",
    "MentionHour",
    "MentionStatus",
    "MutedAuthor",
    "Outcome",
    "RankedAuthor",
    "Replay",
    "RetentionLimit",
    "SavedView",
    "SentimentLabel",
    "Source",
    "SourceKind",
    "Subscription",
    "SuggestionKind",
    "Tag",
    "TermDay",
    "TermKind",
    "TrackedProfile",
]
