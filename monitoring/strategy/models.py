"""The plan on one page, and the steps that follow from it and from the data."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from monitoring.audience.models import PublishedPost
from monitoring.conversions.models import Channel


class Plan(models.Model):
    """Five answers. The fifth, how much time a week, stands among the assumptions, where the return needs it."""

    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="plan")
    whom = models.CharField(_("Whom do you want to reach?"), max_length=500, blank=True)
    where = ArrayField(
        models.CharField(max_length=20, choices=Channel),
        default=list,
        blank=True,
        verbose_name=_("Where are they?"),
    )
    kinds = ArrayField(
        models.CharField(max_length=10, choices=PublishedPost.Kind),
        default=list,
        blank=True,
        verbose_name=_("What do you say?"),
    )
    message = models.CharField(_("In one sentence"), max_length=500, blank=True)
    purpose = models.CharField(_("What is it for?"), max_length=500, blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.whom or str(self.organization_id)


class Step(models.Model):
    """Something to do next, found by a rule. It names its evidence, not its words: those are the reader's language.

    What was taken is judged two weeks later by the same figure as before.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        TAKEN = "taken", _("Taken")
        DISMISSED = "dismissed", _("Dismissed")

    class Verdict(models.TextChoices):
        HELPED = "helped", _("It helped")
        NO_DIFFERENCE = "no_difference", _("No difference to be seen")
        TOO_LITTLE = "too_little", _("Too little to tell")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="steps")
    rule = models.CharField(max_length=30)
    subject = models.CharField(max_length=200, blank=True)  # what the rule found it about
    evidence = models.JSONField(default=dict)
    weight = models.IntegerField()  # the largest first
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    found_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField()  # of the state
    changed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    before = models.FloatField(null=True)  # the rule's figure in the two weeks before it was taken
    after = models.FloatField(null=True)
    verdict = models.CharField(max_length=15, choices=Verdict, blank=True)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "rule", "subject"],
                condition=models.Q(state="open"),
                name="one_open_step_a_subject",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "state", "-weight"], name="steps_to_show"),
            models.Index(
                fields=["changed_at"],
                condition=models.Q(state="taken", judged_at=None),
                name="steps_to_judge",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.subject}"


class Reckoning(models.Model):
    """When the steps of an organization were last found."""

    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="reckoning")
    reckoned_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.organization_id} {self.reckoned_at:%Y-%m-%d %H:%M}"
