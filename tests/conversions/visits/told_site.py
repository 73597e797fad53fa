"""One site in a database of its own, for programs that run beside the tests.

python -m tests.with_django tests.conversions.visits.told_site make|state
"""

from __future__ import annotations

import json
import sys

from django.db.models import Sum

from accounts.models import Organization, User
from accounts.services.organizations import create_organization
from monitoring.conversions.clicks.connection import patient_redis
from monitoring.conversions.models import Conversion, ConversionDay, Site
from monitoring.conversions.rollups import miscounted_days
from monitoring.conversions.visits.waiting import EVENTS
from tests.conversions.visits.tellers import KEY


def make() -> None:
    owner = User.objects.create_user("owner@example.com", "a kettle sings at dawn")
    organization = create_organization(owner=owner, name="Halden", time_zone="Europe/Berlin", currency="EUR")
    Site.objects.create(organization=organization, key=KEY, hosts=["shop.example"])


def state() -> None:
    redis = patient_redis()
    facts = {
        "numbers": list(Conversion.objects.values_list("order_number", flat=True)),
        "counted": ConversionDay.objects.aggregate(number=Sum("number"))["number"] or 0,
        "miscounted": miscounted_days(organization=Organization.objects.get()),
        "waiting": redis.llen(EVENTS.waiting) + redis.llen(EVENTS.taken),
    }
    sys.stdout.write(json.dumps(facts))


if __name__ == "__main__":
    {"make": make, "state": state}[sys.argv[1]]()
