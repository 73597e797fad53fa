"""Leave the demo: it is gone from the person's list at once, and from the database soon after."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Membership, Organization, User
from monitoring.dashboard.tasks import delete_demo


@transaction.atomic
def leave_demo(*, organization: Organization) -> None:
    """Nobody is a member any more; the person who was there only for the demo goes with it."""
    Membership.objects.filter(organization=organization).delete()
    User.objects.filter(is_demo=True, memberships=None).delete()
    transaction.on_commit(lambda: delete_demo.delay(organization.pk))
