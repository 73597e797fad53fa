"""Call a brand otherwise, or say that it is of another kind. Its mentions, keywords and counts stay with it."""

from __future__ import annotations

from django.db import transaction

from accounts.audit import record_change
from monitoring.listening.models import Brand, BrandKind


@transaction.atomic
def change_brand(*, brand: Brand, name: str, kind: BrandKind) -> None:
    locked = Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)
    before = {"name": locked.name, "kind": locked.kind}
    locked.name, locked.kind = name, kind
    locked.save(update_fields=["name", "kind"])
    after = {"name": name, "kind": str(kind)}
    record_change(organization=locked.organization, subject=locked, before=before, after=after)
