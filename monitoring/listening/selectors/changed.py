"""What somebody changed of late: remembered as long as it can be undone."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import Organization
from monitoring.listening.models import ChangedBatch


def leave_out_changed(*, organization: Organization, ids: Sequence[int]) -> list[int]:
    """Those of these mentions that no change was meant for, whatever became of it."""
    if not ids:
        return []
    batches = ChangedBatch.objects.filter(
        change__organization=organization, mention_ids__overlap=list(ids)
    ).values_list("mention_ids", flat=True)
    changed = {each for batch in batches for each in batch}
    return [each for each in ids if each not in changed]
