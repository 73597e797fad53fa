"""Posts of feeds, and of platforms that charge for each look, get a turn like all others, spread over a month."""

from django.db import migrations

BATCH = 10_000
SPREAD = """
    update listening_mention set refresh_at = now() + random() * interval '30 days'
    where id between %s and %s and refresh_at is null and deleted_at is null
"""


def spread(apps, schema_editor):
    cursor = schema_editor.connection.cursor()
    cursor.execute("select coalesce(min(id), 0), coalesce(max(id), 0) from listening_mention")
    first, last = cursor.fetchone()
    for start in range(first, last + 1, BATCH):
        cursor.execute(SPREAD, [start, start + BATCH - 1])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("listening", "0010_keywords_applied_to_the_past")]
    operations = [migrations.RunPython(spread, migrations.RunPython.noop, elidable=True)]
