"""Who did what, and when: a log that the database itself protects from change."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organizations import Organization
from accounts.models.people import User


class AuditEvent(models.Model):
    """One thing that somebody did. Names stand here as they were, so that it can be read when they are gone.

    A trigger refuses to change or delete an event outside of `accounts.audit.purging`; so nothing may cascade to it.
    """

    class Action(models.TextChoices):
        SIGNED_IN = "signed_in", _("Signed in")
        SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
        SIGNED_OUT = "signed_out", _("Signed out")
        SECURED = "secured", _("Changed how to sign in")  # password, address, second factor
        INVITED = "invited", _("Invited")
        JOINED = "joined", _("Joined")
        LEFT = "left", _("Left")
        REMOVED = "removed", _("Removed from the team")
        ROLE_CHANGED = "role_changed", _("Role changed")
        CONNECTED = "connected", _("Connected")
        DISCONNECTED = "disconnected", _("Disconnected")
        CREATED = "created", _("Created")
        CHANGED = "changed", _("Changed")
        DELETED = "deleted", _("Deleted")
        IMPORTED = "imported", _("Imported")
        EXPORTED = "exported", _("Exported")
        ERASED = "erased", _("Erased")

    organization = models.ForeignKey(
        Organization, on_delete=models.DO_NOTHING, null=True, db_constraint=False, related_name="audit_events"
    )
    happened_at = models.DateTimeField(auto_now_add=True)
    action = models.CharField(max_length=20, choices=Action)
    actor = models.ForeignKey(
        User, on_delete=models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    actor_name = models.CharField(max_length=300, blank=True)  # empty: SMEdash itself
    subject_kind = models.CharField(max_length=40, blank=True)  # the model's name, or what else was meant
    subject_id = models.BigIntegerField(null=True)
    subject_name = models.CharField(max_length=300, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=200, blank=True)
    search_text = models.TextField(blank=True)  # names, address, before and after, in small letters

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "-happened_at", "-id"], name="audit_newest_first"),
            models.Index(fields=["happened_at"], name="audit_oldest"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name or 'SMEdash'} · {self.action} · {self.subject_name}"
