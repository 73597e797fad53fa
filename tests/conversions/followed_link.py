"""One tracked link in a database of its own, for programs that run beside the tests.

python -m tests.with_django tests.conversions.followed_link make|state
"""

from __future__ import annotations

import json
import sys

from django.db.models import F, Sum

from accounts.models import Organization, User
from accounts.services.organizations import create_organization
from monitoring.conversions.clicks.connection import patient_redis
from monitoring.conversions.clicks.waiting import TAKEN, WAITING
from monitoring.conversions.models import Channel, Click, ClickDay
from monitoring.conversions.rollups import miscounted_days
from monitoring.conversions.services.links import create_link
from tests.conversions.followers import SLUG


def make() -> None:
    owner = User.objects.create_user("owner@example.com", "a kettle sings at dawn")
    organization = create_organization(owner=owner, name="Halden", time_zone="Europe/Berlin", currency="EUR")
    create_link(
        organization=organization,
        target="https://example.com/menu",
        label="Menu",
        channel=Channel.PRINT,
        slug=SLUG,
    )


def state() -> None:
    counted = ClickDay.objects.aggregate(number=Sum(F("visits") + F("repeats") + F("bots")))
    facts = {
        "ids": [click.hex for click in Click.objects.values_list("click_id", flat=True)],
        "counted": counted["number"] or 0,
        "miscounted": miscounted_days(organization=Organization.objects.get()),
        "waiting": patient_redis().llen(WAITING) + patient_redis().llen(TAKEN),
    }
    sys.stdout.write(json.dumps(facts))


if __name__ == "__main__":
    {"make": make, "state": state}[sys.argv[1]]()
