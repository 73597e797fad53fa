"""Write the house rules, and say that one has read them."""

from __future__ import annotations

from django.db import transaction

from accounts.audit import Action, record
from accounts.models import HouseRules, Organization, RulesAcknowledged, User


class WrittenMeanwhile(Exception):
    """Somebody wrote a version after the one that this text came from."""

    def __init__(self, newest: HouseRules) -> None:
        super().__init__()
        self.newest = newest


@transaction.atomic
def write_rules(*, organization: Organization, text: str, after_version: int, by: User) -> HouseRules:
    """A new version, made from the version `after_version` (0: from none); the same text again is none.

    Raises WrittenMeanwhile.
    """
    Organization.objects.select_for_update().only("pk").get(pk=organization.pk)
    newest = HouseRules.objects.filter(organization=organization).order_by("-version").first()
    if newest is not None and newest.text == text:
        return newest
    version = newest.version if newest else 0
    if newest is not None and version != after_version:
        raise WrittenMeanwhile(newest)
    rules = HouseRules.objects.create(
        organization=organization, version=version + 1, text=text, written_by=by
    )
    record(
        Action.CHANGED if newest else Action.CREATED,
        organization=organization,
        subject=rules,
        before={"version": version} if newest else None,
        after={"version": rules.version},
    )
    # Whoever wrote them has read them.
    RulesAcknowledged.objects.create(rules=rules, user=by)
    return rules


@transaction.atomic
def acknowledge_rules(*, rules: HouseRules, user: User) -> None:
    """Once for each version, however often the button is pressed."""
    _acknowledged, is_new = RulesAcknowledged.objects.get_or_create(rules=rules, user=user)
    if is_new:
        record(
            Action.CHANGED,
            organization=rules.organization,
            subject=rules,
            after={"read_version": rules.version},
        )
