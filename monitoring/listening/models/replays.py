"""A keyword held against everything that is stored: first only counted, then, if somebody wants that, applied."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from monitoring.listening.models.brands import Keyword, KeywordVersion


class Replay(models.Model):
    """One walk through a brand's mentions, the newest first. `position` is the last one it came to.

    Its progress is written with each batch; `attempt` tells workers apart, so that one that was thought dead stops.
    """

    class State(models.TextChoices):
        COUNTING = "counting", _("Being counted")
        COUNTED = "counted", _("Counted")
        APPLYING = "applying", _("Being applied")
        DONE = "done", _("Applied")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Failed")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="replays")
    keyword = models.ForeignKey(Keyword, on_delete=models.CASCADE, related_name="replays")
    version = models.ForeignKey(KeywordVersion, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.COUNTING)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    rows = models.PositiveBigIntegerField(default=0)  # there were when it began
    done = models.PositiveBigIntegerField(default=0)
    position_at = models.DateTimeField(null=True)
    position_id = models.BigIntegerField(null=True)
    # Of the mentions that count, or would again: which leave the figures, come back, get this keyword's name as well.
    leaving = models.PositiveBigIntegerField(default=0)
    returning = models.PositiveBigIntegerField(default=0)
    joining = models.PositiveBigIntegerField(default=0)
    shown_leaving = ArrayField(models.BigIntegerField(), default=list)
    shown_returning = ArrayField(models.BigIntegerField(), default=list)
    shown_joining = ArrayField(models.BigIntegerField(), default=list)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["keyword", "-id"], name="latest_replays"),
            models.Index(
                fields=["state"],
                condition=models.Q(state__in=["counting", "applying"]),
                name="replays_to_work_on",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.state}"

    @property
    def is_worked_on(self) -> bool:
        return self.state in (self.State.COUNTING, self.State.APPLYING)

    @property
    def share_done(self) -> float:
        if not self.is_worked_on:
            return 1.0
        return min(1.0, self.done / self.rows) if self.rows else 0.0

    @property
    def changes_nothing(self) -> bool:
        return not (self.leaving or self.returning or self.joining)
