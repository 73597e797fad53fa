"""What somebody did to mentions, one or a million at once, kept for a day so that it can be undone."""

from __future__ import annotations

from typing import ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from monitoring.listening.models.brands import Brand


class ChangeAct(models.TextChoices):
    """What is done to each mention. Acts of one field overwrite each other."""

    JUDGE = "judge", _("Change sentiment")
    NOT_ABOUT_US = "not_about_us", _("Not about us")
    ANSWER = "answer", _("Mark as answered")
    ARCHIVE = "archive", _("Archive")
    PUT_BACK = "put_back", _("Put back")
    MUTE = "mute", _("Mute author")
    UNMUTE = "unmute", _("Unmute author")
    DELETE = "delete", _("Delete")
    TAG = "tag", _("Tag")
    UNTAG = "untag", _("Take tag off")


class BulkChange(models.Model):
    """One act, with its progress. Its batches hold what each mention was before, and are forgotten with it.

    Whoever works on it holds a lease. It runs, and may be undone while or after it runs; what was deleted is buried
    for good an hour later, after which nothing can bring it back.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        BURYING = "burying", _("Being deleted for good")
        BURIED = "buried", _("Deleted for good")
        FAILED = "failed", _("Stopped by an error")

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="bulk_changes", db_index=False
    )
    act = models.CharField(max_length=20, choices=ChangeAct)
    value = models.BigIntegerField(null=True)  # the tone or the number of the tag
    # Which mentions were meant: everything that a query string finds for a brand, or a selection (no brand).
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, null=True, related_name="+")
    query = models.TextField(blank=True)
    newest_id = models.BigIntegerField(null=True)  # mentions that came later were not meant
    muted = ArrayField(models.BigIntegerField(), default=list)  # numbers of the authors muted by it

    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    is_planned = models.BooleanField(default=False)  # its batches are laid out
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # since the last progress
    rows = models.PositiveBigIntegerField(default=0)  # mentions that were meant
    done = models.PositiveBigIntegerField(default=0)  # of them worked on
    changed = models.PositiveBigIntegerField(default=0)  # of them different now
    restored = models.PositiveBigIntegerField(default=0)  # of these brought back
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "-created_at"], name="latest_changes"),
            models.Index(
                fields=["state"],
                condition=models.Q(state__in=["running", "undoing", "burying"]),
                name="changes_to_work_on",
            ),
            models.Index(fields=["created_at"], name="changes_to_forget"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.rows}"

    @property
    def is_over(self) -> bool:
        """Nobody works on it any more."""
        return self.state not in WORKED_ON

    @property
    def can_be_undone(self) -> bool:
        """What was deleted within the hour, everything else within the day that it is remembered."""
        return self.state in UNDOABLE and self.act != ChangeAct.UNMUTE

    @property
    def share_done(self) -> float:
        if self.state == self.State.UNDOING:
            return self.restored / self.changed if self.changed else 0.0
        return self.done / self.rows if self.rows else 0.0


WORKED_ON: Final = (BulkChange.State.RUNNING, BulkChange.State.UNDOING, BulkChange.State.BURYING)
UNDOABLE: Final = (BulkChange.State.RUNNING, BulkChange.State.DONE, BulkChange.State.FAILED)


class ChangedBatch(models.Model):
    """Up to a thousand mentions of a change, in the order of their numbers: which were meant, which changed."""

    change = models.ForeignKey(BulkChange, on_delete=models.CASCADE, related_name="batches", db_index=False)
    number = models.PositiveIntegerField()
    mention_ids = ArrayField(models.BigIntegerField())
    done_at = models.DateTimeField(null=True)
    is_undone = models.BooleanField(default=False, db_default=False)
    changed_ids = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    # What each of these was before: its status or the sentiment that a person set. Empty where the act says it.
    before = ArrayField(models.SmallIntegerField(null=True), default=list, db_default=[])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["change", "number"], name="one_batch_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.change_id}/{self.number}"
