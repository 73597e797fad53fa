"""Credits whose parts cancel each other out on a day have a row: days with something taken back are computed anew."""

from django.db import migrations

FORWARDS = """
insert into conversions_creditdue (organization_id, day)
select distinct organization.id, (entry.occurred_at at time zone organization.time_zone)::date
from conversions_conversion entry join accounts_organization organization on organization.id = entry.organization_id
where entry.reverses_id is not null and entry.voided_at is null
on conflict do nothing
"""


class Migration(migrations.Migration):
    dependencies = [
        ("conversions", "0010_incidents"),
    ]

    operations = [
        migrations.RunSQL(FORWARDS, migrations.RunSQL.noop),
    ]
