"""Texts of rows, replaced by what would do harm where it is not shown as text."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from accounts.models import AuditEvent
from tests.watching import models_of_customers

MARKUP: Final = "<i data-evil>"
EVIL: Final = f"=1+1|\"'>{MARKUP}{{{{ 7 }}}} "
EVIL_ADDRESS: Final = f"javascript:alert(1)//{MARKUP}"
SHORTEST: Final = 60  # characters; shorter columns hold words of ours
ADDRESSES: Final = {"url", "author_url", "author_avatar_url", "website"}
# Words of ours, keys and what is read by programs: whoever changes them breaks the row, and no page shows them.
OF_OURS: Final = {
    "challenge", "checkpoint", "cursor", "digest", "email", "external_id", "idempotency_key", "key", "landing",
    "native_id", "next_checkpoint", "parent_id", "platform", "query", "sealed_credentials", "sealed_key",
    "sealed_session", "sealed_webhook_secret", "slug", "target", "fallback", "thread_id", "time_zone",
}  # fmt: skip


def texts_of(model: type[models.Model]) -> list[str]:
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, (models.CharField, models.TextField))
        and not field.choices
        and (field.max_length or SHORTEST) >= SHORTEST
        and field.name not in OF_OURS
    ]


def poison(model: type[models.Model]) -> None:
    """Each row its own text, because some must differ."""
    number = Cast(F("pk"), CharField())
    changes = {
        name: Value(EVIL_ADDRESS) if name in ADDRESSES else Concat(Value(EVIL), number)
        for name in texts_of(model)
    }
    if changes:
        model._default_manager.update(**changes)


def poison_every_row() -> None:
    """Of every customer; but the audit log, which nobody changes."""
    for model in models_of_customers():
        if model is not AuditEvent and isinstance(model._meta.pk, models.AutoField):
            poison(model)
