"""Put a suggestion for keywords aside, or take that back."""

from __future__ import annotations

from accounts.models import User
from monitoring.listening.models import Brand, DismissedSuggestion, SuggestionKind


def dismiss_suggestion(*, brand: Brand, kind: SuggestionKind, word: str, by: User | None) -> None:
    """It is not suggested for this brand again. Dismissing it twice is dismissing it once."""
    DismissedSuggestion.objects.get_or_create(
        organization_id=brand.organization_id,
        brand=brand,
        kind=kind,
        word=word,
        defaults={"dismissed_by": by},
    )


def restore_suggestions(*, brand: Brand) -> None:
    """Everything that was dismissed may be suggested again."""
    DismissedSuggestion.objects.filter(brand=brand).delete()
